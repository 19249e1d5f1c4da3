import type { Readable } from "node:stream";
import type Docker from "dockerode";

export interface EngineRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Value of X-Registry-Auth, for what the engine asks of a registry. */
  readonly auth?: string;
  /** Sent as it comes. */
  readonly body?: Readable;
  /** The answer is returned as it comes, as a Readable. */
  readonly stream?: boolean;
  readonly signal: AbortSignal;
}

/** The engine said no, with this status. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === "number" ? status : undefined;
}

/** What the engine said, without the client's words around it. */
export function engineText(error: unknown): string {
  const { json, message } = error as { json?: { message?: string } | null; message?: string };
  return (json?.message ?? message ?? String(error)).trim();
}

/**
 * One exchange. A short one ends when the engine has fallen silent; who asks for a stream reads it in `unlessSilent`.
 * dockerode's own methods for these take no signal, and a silent network never settles.
 */
export async function requestEngine(docker: Docker, request: EngineRequest): Promise<unknown> {
  if (request.stream === true) return dial(docker, request);
  return unlessSilent(docker, request.signal, (signal) => dial(docker, { ...request, signal }));
}

/** Whether it answers, were it with a refusal. */
export function pingEngine(docker: Docker, signal: AbortSignal): Promise<boolean> {
  return dial(docker, { method: "GET", path: "/_ping", signal }).then(
    () => true,
    (error: unknown) => statusOf(error) !== undefined,
  );
}

const askEveryMs = 15_000;
const unansweredAtMost = 3;

/**
 * Ends the work, by the signal that it is given, when the engine answers nothing any more: a machine that loses its
 * power closes no connection. A step may be silent as long as it likes.
 */
export async function unlessSilent<T>(
  docker: Docker,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const silence = new AbortController();
  let unanswered = 0;
  const ask = async (): Promise<void> => {
    if (unanswered >= unansweredAtMost)
      return silence.abort(new Error(`no answer to ${unanswered} pings in ${askEveryMs / 1000} s each`));
    unanswered++;
    const patience = AbortSignal.any([signal, silence.signal, AbortSignal.timeout(askEveryMs)]);
    if (await pingEngine(docker, patience)) unanswered = 0;
  };
  const timer = setInterval(() => void ask(), askEveryMs).unref();
  try {
    return await work(AbortSignal.any([signal, silence.signal]));
  } catch (error) {
    throw silence.signal.aborted && !signal.aborted ? silence.signal.reason : error;
  } finally {
    clearInterval(timer);
  }
}

function dial(
  docker: Docker,
  { method, path, query, auth, body, stream = false, signal }: EngineRequest,
): Promise<unknown> {
  const modem = docker.modem as {
    dial(options: object, callback: (error: unknown, answer: unknown) => void): void;
  };
  return new Promise((resolve, reject) =>
    modem.dial(
      {
        method,
        path: `${path}?`,
        options: { _query: query ?? {}, _body: {} },
        ...(body === undefined ? {} : { file: body }),
        isStream: stream,
        abortSignal: signal,
        ...(auth === undefined ? {} : { authconfig: { base64: auth } }),
        statusCodes: { 200: true, 201: true, 204: true },
      },
      (error, answer) => (error ? reject(error as Error) : resolve(answer)),
    ),
  );
}
