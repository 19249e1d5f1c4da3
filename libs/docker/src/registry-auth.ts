import type { RegistryCredentials } from "./buildkit/session.ts";

/**
 * The value of X-Registry-Auth. The engine wants URL-safe base64 with padding, and treats anything else as
 * no credentials without a word.
 */
export function registryAuthHeader(credentials: RegistryCredentials | undefined): string {
  return encode(contentOf(credentials));
}

/** The value of X-Registry-Config, for builds that have no session to ask over: these hosts and no others. */
export async function registryConfigHeader(
  hosts: readonly string[],
  findCredentials: (host: string) => Promise<RegistryCredentials | undefined>,
): Promise<string> {
  const entries = await Promise.all(
    [...new Set(hosts)].map(async (host) => [keyOf(host), await findCredentials(host)] as const),
  );
  const known = entries.filter(([, credentials]) => credentials !== undefined);
  return encode(Object.fromEntries(known.map(([key, credentials]) => [key, contentOf(credentials)])));
}

function contentOf(credentials: RegistryCredentials | undefined): object {
  return credentials && "identityToken" in credentials
    ? { identitytoken: credentials.identityToken }
    : { ...credentials };
}

// Docker Hub is known to the engine by the address of its first version.
function keyOf(host: string): string {
  return host === "docker.io" ? "https://index.docker.io/v1/" : host;
}

function encode(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
