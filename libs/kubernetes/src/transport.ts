// Raw JSON to the API server over one pooled HTTP/2 connection. client-node only lends the credentials:
// its object API loses fields that its models do not know, and opens a connection per request.
import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher } from "undici";
import type { ClusterAccess } from "./kubeconfig.ts";
import { createSessions } from "./session.ts";
import { createServerClock } from "./server-clock.ts";
import { warningsIn } from "./warnings.ts";
import { answerError, codesOf, connectionError, isPassing500 } from "./api-error.ts";

interface ApiRequest {
  /** Every request here may be sent twice: writes name the uid or version that they mean, or that there is none. */
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** What is asked for, in the operator's words, for errors. */
  readonly doing: string;
  /** Statuses that are answers here and not errors. */
  readonly allow?: readonly number[];
  /** The answer may pause for as long as it wants. */
  readonly mayPause?: boolean;
  /** Is sent after an interruption, too, and then once and quickly. */
  readonly isFarewell?: boolean;
}

interface ApiAnswer {
  readonly code: number;
  readonly text: string;
  /** What the server finds questionable in what it has accepted. */
  readonly warnings: readonly string[];
}

interface ApiStream {
  readonly code: number;
  /** Throws when the connection breaks, and when nothing came for a while. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface Transport {
  /** `https://host:port` */
  readonly server: string;
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** An answer that goes on for as long as the server or `signal` lets it; tried again until it begins. */
  open(request: ApiRequest, signal: AbortSignal): Promise<ApiStream>;
  /** The server's clock, by which it dates objects and events; to about a second. */
  readonly now: () => Date;
  /** The same, but what changes the cluster is neither sent nor sent again once the signal is aborted. */
  changingUntil(signal: AbortSignal): Pick<Transport, "server" | "send">;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly access: ClusterAccess;
  readonly server: string;
  readonly signal: AbortSignal;
  /** How long an unreachable or overloaded server is tried again. */
  readonly patienceMs?: number;
  /** Told once per trouble, when a request has to be sent again. */
  readonly onTrouble?: (reason: string) => void;
}

const answerTimeoutMs = 30_000;
const farewellMs = 5000;
/** Longer than the minute after which a quiet watch shows that it is alive. */
const silenceMs = 100_000;
export function createTransport(options: TransportOptions): Transport {
  const { access, server, signal, patienceMs = 60_000, onTrouble } = options;
  const sessions = createSessions(access);
  const clock = createServerClock();
  let inTrouble = false;

  const request = async (
    { method, path, query, body, accept, contentType }: ApiRequest,
    more: Pick<Dispatcher.RequestOptions, "signal" | "bodyTimeout" | "headersTimeout">,
  ): Promise<Dispatcher.ResponseData> => {
    const { dispatcher, headers } = await sessions.open();
    const search = new URLSearchParams(query).toString();
    const { origin, pathname } = new URL(server);
    const answer = await dispatcher.request({
      origin,
      path: `${pathname.replace(/\/+$/, "")}${path}${search === "" ? "" : `?${search}`}`,
      method,
      headers: {
        accept: accept ?? "application/json",
        "user-agent": "pai",
        ...headers,
        ...(body === undefined ? {} : { "content-type": contentType ?? "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...more,
    });
    clock.see(answer.headers["date"]);
    return answer;
  };

  const sendOnce = async (asked: ApiRequest, until: AbortSignal): Promise<Attempt<ApiAnswer>> => {
    const answer = await request(asked, {
      signal: AbortSignal.any([until, AbortSignal.timeout(answerTimeoutMs)]),
    });
    const text = await answer.body.text();
    return {
      code: answer.statusCode,
      text,
      ...retryAfter(answer),
      result: { code: answer.statusCode, text, warnings: warningsIn(answer.headers["warning"]) },
    };
  };

  const openOnce = async (asked: ApiRequest, until: AbortSignal): Promise<Attempt<ApiStream>> => {
    const answer = await request(asked, {
      signal: AbortSignal.any([signal, until]),
      headersTimeout: answerTimeoutMs,
      bodyTimeout: asked.mayPause ? 0 : silenceMs,
    });
    const code = answer.statusCode;
    const text = code < 300 ? "" : await answer.body.text();
    return { code, text, ...retryAfter(answer), result: { code, chunks: answer.body } };
  };

  const persist = async <T>(
    asked: ApiRequest,
    until: AbortSignal,
    once: () => Promise<Attempt<T>>,
  ): Promise<T> => {
    const deadline = performance.now() + patienceMs;
    for (let attempt = 0; ; attempt++) {
      const outcome = await once().catch((error: unknown) => ({ error }));
      until.throwIfAborted();
      if (!("error" in outcome) && !isPassing(outcome)) {
        inTrouble = false;
        if (outcome.code < 300 || asked.allow?.includes(outcome.code)) return outcome.result;
        if (outcome.code === 401) sessions.forget();
        throw answerError(outcome.code, outcome.text, asked.doing);
      }
      const failure =
        "error" in outcome
          ? connectionError(outcome.error, server, asked.doing)
          : answerError(outcome.code, outcome.text, asked.doing);
      const isFinal = "error" in outcome && !isConnectionTrouble(outcome.error);
      const waitMs =
        ("error" in outcome ? undefined : outcome.retryAfterMs) ?? backoffMs(attempt) * (0.5 + Math.random());
      if (isFinal || performance.now() + waitMs > deadline) throw failure;
      if (!inTrouble) onTrouble?.(failure.message);
      inTrouble = true;
      await sleep(waitMs, undefined, { signal: until });
    }
  };
  const send = (asked: ApiRequest, until: AbortSignal): Promise<ApiAnswer> =>
    persist(asked, until, () => sendOnce(asked, until));
  return {
    server,
    send: (asked) => send(asked, asked.isFarewell ? AbortSignal.timeout(farewellMs) : signal),
    changingUntil: (end) => {
      const both = AbortSignal.any([signal, end]);
      return {
        server,
        send: async (asked) => {
          if (asked.method === "GET") return send(asked, signal);
          both.throwIfAborted();
          return send(asked, both);
        },
      };
    },
    open: (asked, until) => {
      const both = AbortSignal.any([signal, until]);
      return persist(asked, both, () => openOnce(asked, both));
    },
    now: clock.now,
    close: () => sessions.close(),
  };
}

/** One try: what was answered, and what it is to the caller. */
interface Attempt<T> extends Omit<ApiAnswer, "warnings"> {
  readonly retryAfterMs?: number;
  readonly result: T;
}

function retryAfter({ headers }: Dispatcher.ResponseData): { readonly retryAfterMs?: number } {
  const seconds = Number(headers["retry-after"]);
  return seconds > 0 ? { retryAfterMs: seconds * 1000 } : {};
}

function isPassing({ code, text }: Omit<ApiAnswer, "warnings">): boolean {
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
