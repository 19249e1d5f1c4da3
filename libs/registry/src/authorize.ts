import { PaiError } from "@pai/core";
import { parseChallenge, type Challenge } from "./challenge.ts";
import { readAll, type Exchange, type HttpRequest } from "./connection.ts";
import type { Credentials, FindCredentials } from "./credentials.ts";
import { denied, loginRefused, refusal } from "./failures.ts";
import { isLoopback } from "./registry-host.ts";

export interface AuthorizeOptions {
  readonly host: string;
  /** The `WWW-Authenticate` header of the 401. */
  readonly challenge: string;
  readonly findCredentials: FindCredentials;
  /** How the token service is asked: as the registry is. */
  readonly ask: Exchange;
  readonly doing: string;
  readonly signal: AbortSignal;
}

/** The `Authorization` header that answers a registry's 401. Throws REGISTRY_DENIED when there is none. */
export async function authorize(options: AuthorizeOptions): Promise<string> {
  const { host, findCredentials, doing } = options;
  const challenge = parseChallenge(options.challenge);
  const credentials = await findCredentials(host);
  if (challenge?.scheme === "bearer") return `Bearer ${await fetchToken(challenge, credentials, options)}`;
  if (challenge?.scheme === "basic" && credentials && "username" in credentials) return basic(credentials);
  throw loginRefused(host, doing, credentials);
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

const answerWithinMs = 30_000;

async function fetchToken(
  challenge: Challenge & { scheme: "bearer" },
  credentials: Credentials | undefined,
  { host, ask, doing, signal }: AuthorizeOptions,
): Promise<string> {
  const url = new URL(challenge.realm);
  if (url.protocol !== "https:" && !isLoopback(url.host)) {
    throw new PaiError("REGISTRY_DENIED", `${doing}: the token service ${url.host} is not asked without TLS`);
  }
  const request =
    credentials && "identityToken" in credentials
      ? refreshRequest(url, challenge, credentials.identityToken)
      : tokenRequest(url, challenge, credentials);
  const answer = await ask({ ...request, silenceMs: answerWithinMs, signal });
  if (answer.status >= 500) throw await refusal(url.host, doing, answer);
  const token = parseToken(await readAll(answer));
  if (answer.status === 401) throw loginRefused(host, doing, credentials);
  // Some token services refuse a single repository this way.
  if (answer.status >= 300 || token === undefined) throw denied(host, doing, credentials);
  return token;
}

type TokenRequest = Pick<HttpRequest, "method" | "url" | "headers" | "body">;
type Asked = Pick<Challenge & { scheme: "bearer" }, "service" | "scope">;

function tokenRequest(
  realm: URL,
  { service, scope }: Asked,
  credentials: { readonly username: string; readonly password: string } | undefined,
): TokenRequest {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.append("service", service);
  // A mount asks for two repositories in one challenge.
  for (const each of scope?.split(" ") ?? []) url.searchParams.append("scope", each);
  return { method: "GET", url, headers: credentials ? { authorization: basic(credentials) } : {} };
}

function refreshRequest(url: URL, { service, scope }: Asked, identityToken: string): TokenRequest {
  const form = new URLSearchParams({
    ...(service === undefined ? {} : { service }),
    ...(scope === undefined ? {} : { scope }),
    grant_type: "refresh_token",
    client_id: "pai",
    refresh_token: identityToken,
  });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", url, headers, body: Buffer.from(form.toString()) };
}

function parseToken(text: string): string | undefined {
  try {
    const { token, access_token: accessToken } = JSON.parse(text) as Record<string, string | undefined>;
    return token ?? accessToken;
  } catch {
    return undefined;
  }
}
