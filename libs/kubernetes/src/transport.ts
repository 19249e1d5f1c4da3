// Raw JSON to the API server over one pooled HTTP/2 connection. client-node only lends the credentials:
// its object API loses fields that its models do not know, and opens a connection per request.
import type { KubeConfig, RequestContext } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { answerError, codesOf, connectionError, isPassing500 } from "./api-error.ts";

interface ApiRequest {
  /** Every request here may be sent twice: deletes and writes name the uid or version that they mean. */
  readonly method: "GET" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** What is asked for, in the operator's words, for errors. */
  readonly doing: string;
  /** Statuses that are answers here and not errors. */
  readonly allow?: readonly number[];
}

interface ApiAnswer {
  readonly code: number;
  readonly text: string;
}

export interface Transport {
  /** `https://host:port` */
  readonly server: string;
  send(request: ApiRequest): Promise<ApiAnswer>;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly kubeConfig: KubeConfig;
  readonly server: string;
  readonly signal: AbortSignal;
  /** How long an unreachable or overloaded server is tried again. */
  readonly patienceMs?: number;
  /** Told once per trouble, when a request has to be sent again. */
  readonly onTrouble?: (reason: string) => void;
}

const answerTimeoutMs = 30_000;
// Tokens of exec plugins and service accounts expire; certificates may be replaced.
const credentialsAgeMs = 5 * 60_000;

export function createTransport(options: TransportOptions): Transport {
  const { kubeConfig, server, signal, patienceMs = 60_000, onTrouble } = options;
  let session: Session | undefined;
  let inTrouble = false;

  const openSession = async (): Promise<Session> => {
    if (session && performance.now() - session.since < credentialsAgeMs) return session;
    const previous = session;
    session = await createSession(kubeConfig);
    void previous?.dispatcher.close();
    return session;
  };

  const sendOnce = async (request: ApiRequest): Promise<ApiAnswer & { readonly retryAfterMs?: number }> => {
    const { dispatcher, headers } = await openSession();
    const query = new URLSearchParams(request.query).toString();
    const { origin, pathname } = new URL(server);
    const answer = await dispatcher.request({
      origin,
      path: `${pathname.replace(/\/+$/, "")}${request.path}${query === "" ? "" : `?${query}`}`,
      method: request.method,
      headers: {
        accept: request.accept ?? "application/json",
        "user-agent": "pai",
        ...headers,
        ...(request.body === undefined ? {} : { "content-type": request.contentType ?? "application/json" }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    });
    const text = await answer.body.text();
    const retryAfter = Number(answer.headers["retry-after"]);
    return {
      code: answer.statusCode,
      text,
      ...(retryAfter > 0 ? { retryAfterMs: retryAfter * 1000 } : {}),
    };
  };

  const send = async (request: ApiRequest): Promise<ApiAnswer> => {
    const deadline = performance.now() + patienceMs;
    for (let attempt = 0; ; attempt++) {
      const outcome = await sendOnce(request).catch((error: unknown) => ({ error }));
      signal.throwIfAborted();
      if (!("error" in outcome) && !isPassing(outcome)) {
        inTrouble = false;
        if (outcome.code < 300 || request.allow?.includes(outcome.code)) return outcome;
        if (outcome.code === 401) session = undefined;
        throw answerError(outcome.code, outcome.text, request.doing);
      }
      const failure =
        "error" in outcome
          ? connectionError(outcome.error, server, request.doing)
          : answerError(outcome.code, outcome.text, request.doing);
      const isFinal = "error" in outcome && !isConnectionTrouble(outcome.error);
      const waitMs =
        ("error" in outcome ? undefined : outcome.retryAfterMs) ?? backoffMs(attempt) * (0.5 + Math.random());
      if (isFinal || performance.now() + waitMs > deadline) throw failure;
      if (!inTrouble) onTrouble?.(failure.message);
      inTrouble = true;
      await sleep(waitMs, undefined, { signal });
    }
  };
  return {
    server,
    send,
    close: async () => {
      await session?.dispatcher.destroy();
    },
  };
}

interface Session {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
  readonly since: number;
}

async function createSession(kubeConfig: KubeConfig): Promise<Session> {
  const headers: Record<string, string> = {};
  let dispatcher: Dispatcher | undefined;
  const context = {
    setHeaderParam: (name: string, value: string) => (headers[name.toLowerCase()] = value),
    setDispatcher: (value: Dispatcher) => (dispatcher = value),
  };
  await kubeConfig.applySecurityAuthentication(context as unknown as RequestContext);
  if (!dispatcher) {
    const { Agent } = await import("undici");
    dispatcher = new Agent();
  }
  return { dispatcher, headers, since: performance.now() };
}

function isPassing({ code, text }: ApiAnswer): boolean {
  return [429, 502, 503, 504].includes(code) || (code === 500 && isPassing500(text));
}

// UND_ERR_INFO is how undici reports the GOAWAY of a server that shuts down.
function isConnectionTrouble(error: unknown): boolean {
  const names = [...codesOf(error), error instanceof Error ? error.name : ""];
  return names.some((name) =>
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_|ERR_HTTP2|TimeoutError)/.test(
      name,
    ),
  );
}

function backoffMs(attempt: number): number {
  return Math.min(5000, 250 * 2 ** attempt);
}
