import type { RegistryCredentials } from "./buildkit/session.ts";

/**
 * The value of X-Registry-Auth. The engine wants URL-safe base64 with padding, and treats anything else as
 * no credentials without a word.
 */
export function registryAuthHeader(credentials: RegistryCredentials | undefined): string {
  const content =
    credentials && "identityToken" in credentials
      ? { identitytoken: credentials.identityToken }
      : { ...credentials };
  return Buffer.from(JSON.stringify(content)).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
