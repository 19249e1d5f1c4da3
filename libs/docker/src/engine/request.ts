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

/** One short exchange. dockerode's own methods for these take no signal, and a silent network never settles. */
export function requestEngine(
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
