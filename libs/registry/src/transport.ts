// One exchange with a registry: authorization, one retry, errors in the operator's words.
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { PaiError } from "@pai/core";
import { authorize } from "./authorize.ts";
import { parseChallenge } from "./challenge.ts";
import { openConnection, type Answer, type HttpRequest, type RegistryAccess } from "./connection.ts";
import type { FindCredentials } from "./credentials.ts";
import { connectionFailure, denied, loginRefused, refusal } from "./failures.ts";

/** Answers 2xx, 404 and what the request allows; everything else is thrown. */
export type Transport = (request: RegistryRequest) => Promise<Answer>;

interface RegistryRequest {
  readonly method: HttpRequest["method"];
  /** Below the registry's root, such as `/v2/`, or the whole URL that the registry named. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A stream is opened anew for each attempt. */
  readonly body?: Uint8Array | (() => Promise<Readable>);
  /** What is done to which image, for messages. */
  readonly doing: string;
  /** Statuses that are answers here and not errors. */
  readonly allow?: readonly number[];
}

export interface TransportOptions {
  readonly host: string;
  readonly access: RegistryAccess;
  readonly findCredentials: FindCredentials;
  readonly signal: AbortSignal;
}

const silenceMs = 30_000;
/** A registry reads a layer again before it takes it, and may copy it to where it keeps them. */
const silenceAfterLayerMs = 5 * 60_000;
const retryAfterMs = 300;

export function createTransport({ host, access, findCredentials, signal }: TransportOptions): Transport {
  const connection = openConnection(host, access);
  // A token is good for one repository and direction; method and path stand for both.
  const authorizations = new Map<string, Promise<string>>();

  const attempt = async ({ method, path, headers = {}, body, doing }: RegistryRequest): Promise<Answer> => {
    const root = new URL(await connection.root(signal));
    const url = new URL(path, root);
    const isOwn = url.host === root.host;
    // Behind a proxy that ends TLS, a registry names itself with http.
    if (isOwn) url.protocol = root.protocol;
    const scope = scopeOf(method, url);
    const exchange = async (authorization: string | undefined): Promise<Answer> => {
      const opened = typeof body === "function" ? await body() : body;
      const answer = await connection.exchange({
        method,
        url,
        headers: { ...headers, ...(isOwn && authorization !== undefined ? { authorization } : {}) },
        ...(opened ? { body: opened } : {}),
        silenceMs: opened instanceof Readable ? silenceAfterLayerMs : silenceMs,
        signal,
      });
      if (answer.status >= 300 && opened instanceof Readable) opened.destroy();
      return answer;
    };
    const known = authorizations.get(scope);
    const first = await exchange(await known);
    if (first.status !== 401 || !isOwn) return first;
    first.body.resume();
    // Looks at several tags of an image begin together: one of them asks for all.
    const current = authorizations.get(scope);
    if (current !== undefined && current !== known) return exchange(await current);
    const challenge = first.header("www-authenticate") ?? "";
    const { exchange: ask } = connection;
    const asked = authorize({ host, challenge, findCredentials, ask, doing, signal });
    authorizations.set(scope, asked);
    asked.catch(() => authorizations.delete(scope));
    return exchange(await asked);
  };

  return async (request) => {
    const { doing } = request;
    let answer: Answer;
    try {
      answer = await retryOnce(() => attempt(request), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof PaiError ? error : connectionFailure(host, doing, error);
    }
    const { status } = answer;
    if (status < 300 || status === 404 || request.allow?.includes(status)) return answer;
    // With a token that lacks the right, registries say 401 where they mean 403.
    const challenge = answer.header("www-authenticate") ?? "";
    const isKnown = /error="?insufficient_scope/.test(challenge);
    if (status !== 401 || isKnown) throw await refusal(host, doing, answer);
    answer.body.resume();
    // A token is good for one repository, a password for all.
    const refused = parseChallenge(challenge)?.scheme === "bearer" ? denied : loginRefused;
    throw refused(host, doing, await findCredentials(host));
  };
}

function scopeOf(method: HttpRequest["method"], { pathname, searchParams }: URL): string {
  const repository = /^\/v2\/(.+)\/(manifests|blobs|tags)\//.exec(pathname)?.[1] ?? "";
  const direction = method === "HEAD" || method === "GET" ? "pull" : method === "DELETE" ? "delete" : "push";
  return [direction, repository, searchParams.get("from") ?? ""].join(" ");
}

/** The registry and the network in between fail for a moment at times; a refusal is final. */
async function retryOnce(attempt: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  try {
    const answer = await attempt();
    if (answer.status < 500) return answer;
    answer.body.resume();
  } catch (error) {
    if (signal.aborted || error instanceof PaiError) throw error;
  }
  await sleep(retryAfterMs, undefined, { signal });
  return attempt();
}
