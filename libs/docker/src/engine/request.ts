import type Docker from "dockerode";

export interface EngineRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Value of X-Registry-Auth, for what the engine asks of a registry. */
  readonly auth?: string;
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
  { method, path, query, auth, signal }: EngineRequest,
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
        abortSignal: signal,
        ...(auth === undefined ? {} : { authconfig: { base64: auth } }),
        statusCodes: { 200: true, 201: true, 204: true },
      },
      (error, answer) => (error ? reject(error as Error) : resolve(answer)),
    ),
  );
}
