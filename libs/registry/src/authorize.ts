import { PaiError } from "@pai/core";
import { parseChallenge, type Challenge } from "./challenge.ts";
import type { Credentials, FindCredentials } from "./credentials.ts";
import { isLoopback } from "./registry-host.ts";

export interface AuthorizeOptions {
  readonly host: string;
  /** The `WWW-Authenticate` header of the 401. */
  readonly challenge: string;
  readonly findCredentials: FindCredentials;
  readonly doing: string;
  readonly signal: AbortSignal;
}

/** The `Authorization` header that answers a registry's 401. Throws REGISTRY_DENIED when there is none. */
export async function authorize({
  host,
  challenge: header,
  findCredentials,
  doing,
  signal,
}: AuthorizeOptions): Promise<string> {
  const challenge = parseChallenge(header);
  const credentials = await findCredentials(host);
  if (challenge?.scheme === "bearer")
    return `Bearer ${await fetchToken(challenge, credentials, { doing, signal })}`;
  if (challenge?.scheme === "basic" && credentials && "username" in credentials) return basic(credentials);
  throw denied(host, doing, credentials);
}

export function denied(host: string, doing: string, credentials: Credentials | undefined): PaiError {
  return new PaiError(
    "REGISTRY_DENIED",
    `${doing}: ${host} ${credentials ? "refuses these credentials" : "wants credentials"}`,
    {
      hint: `give cluster.docker-registry username and password in services-configuration.yaml, or run: docker login ${host}`,
    },
  );
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

async function fetchToken(
  { realm, service, scope }: Challenge & { scheme: "bearer" },
  credentials: Credentials | undefined,
  { doing, signal }: { readonly doing: string; readonly signal: AbortSignal },
): Promise<string> {
  const url = new URL(realm);
  if (url.protocol !== "https:" && !isLoopback(url.host)) {
    throw new PaiError("REGISTRY_DENIED", `${doing}: the token service ${url.host} is not asked without TLS`);
  }
  const query = new URLSearchParams({ ...(service ? { service } : {}), ...(scope ? { scope } : {}) });
  const withToken = credentials && "identityToken" in credentials;
  if (!withToken) for (const [key, value] of query) url.searchParams.append(key, value);
  const request: RequestInit = withToken
    ? {
        method: "POST",
        body: new URLSearchParams([
          ...query,
          ["grant_type", "refresh_token"],
          ["client_id", "pai"],
          ["refresh_token", credentials.identityToken],
        ]),
      }
    : credentials
      ? { headers: { authorization: basic(credentials) } }
      : {};
  const response = await fetch(url, { ...request, signal });
  const answer = (await response.json().catch(() => ({}))) as { token?: string; access_token?: string };
  const token = answer.token ?? answer.access_token;
  if (!response.ok || token === undefined) throw denied(url.host, doing, credentials);
  return token;
}
