// One HTTP exchange with a registry: scheme, authorization, one retry, errors in the operator's words.
import { setTimeout as sleep } from "node:timers/promises";
import { PaiError } from "@pai/core";
import { authorize, denied } from "./authorize.ts";
import type { FindCredentials } from "./credentials.ts";
import { isLoopback, rootUrl } from "./registry-host.ts";

/** Answers 2xx and 404; everything else is thrown. */
export type Transport = (request: RegistryRequest) => Promise<Response>;

interface RegistryRequest {
  readonly method: "HEAD" | "GET" | "PUT" | "POST" | "DELETE";
  /** Below the registry's root, such as `/v2/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** What is done to which image, for messages. */
  readonly doing: string;
  /** Statuses that are answers here and not errors. */
  readonly allow?: readonly number[];
}

export interface TransportOptions {
  readonly host: string;
  readonly findCredentials: FindCredentials;
  readonly signal: AbortSignal;
}

const answerWithinMs = 30_000;
const retryAfterMs = 300;

export function createTransport({ host, findCredentials, signal }: TransportOptions): Transport {
  const root = rootUrl(host);
  // A token is good for one repository and direction; the path and method stand for both.
  const authorizations = new Map<string, string>();

  const attempt = async ({ method, path, headers = {}, body, doing }: RegistryRequest): Promise<Response> => {
    const scope = `${method === "HEAD" || method === "GET" ? "pull" : "push"} ${repositoryOf(path)}`;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
    const exchange = (authorization: string | undefined): Promise<Response> =>
      fetch(new URL(path, root), {
        method,
        headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
        ...(body ? { body } : {}),
        signal: limit,
      });
    const first = await exchange(authorizations.get(scope));
    if (first.status !== 401) return first;
    await first.body?.cancel();
    const challenge = first.headers.get("www-authenticate") ?? "";
    const authorization = await authorize({ host, challenge, findCredentials, doing, signal: limit });
    authorizations.set(scope, authorization);
    return exchange(authorization);
  };

  return async (request) => {
    const { doing } = request;
    let response: Response;
    try {
      response = await retryOnce(() => attempt(request), signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof PaiError) throw error;
      throw unreachable(host, doing, error);
    }
    const { status } = response;
    if (response.ok || status === 404 || request.allow?.includes(status)) return response;
    const reason = await reasonOf(response);
    if (response.status >= 500) throw unreachable(host, doing, reason);
    if (response.status === 401 || response.status === 403)
      throw denied(host, doing, await findCredentials(host));
    throw new PaiError("PUSH_FAILED", `${doing}: ${host} refuses it`, { cause: reason });
  };
}

function repositoryOf(path: string): string {
  return /^\/v2\/(.+)\/(manifests|blobs|tags)\//.exec(path)?.[1] ?? "";
}

/** The engine and the network in between fail for a moment at times; a refusal is final. */
async function retryOnce(attempt: () => Promise<Response>, signal: AbortSignal): Promise<Response> {
  try {
    const response = await attempt();
    if (response.status < 500) return response;
    await response.body?.cancel();
  } catch (error) {
    if (signal.aborted || error instanceof PaiError) throw error;
  }
  await sleep(retryAfterMs, undefined, { signal });
  return attempt();
}

function unreachable(host: string, doing: string, cause: unknown): PaiError {
  return new PaiError("REGISTRY_UNREACHABLE", `${doing}: registry ${host} does not answer as it should`, {
    cause,
    hint: isLoopback(host)
      ? "start the local one with: npm run local -- up"
      : "check cluster.docker-registry.domain in services-configuration.yaml and the network",
  });
}

async function reasonOf(response: Response): Promise<Error> {
  const text = await response.text().catch(() => "");
  let said = "";
  try {
    const { errors = [] } = JSON.parse(text) as { errors?: { code?: string; message?: string }[] };
    said = errors.map(({ code, message }) => [code, message].filter(Boolean).join(": ")).join("; ");
  } catch {
    said = text.slice(0, 200);
  }
  return new Error([`HTTP ${response.status}`, said].filter(Boolean).join(" "));
}
