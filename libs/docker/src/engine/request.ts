// Exchanges with an engine over its HTTP interface. What it refuses is an error with its status and its words.
import type { IncomingMessage } from "node:http";
import type { Duplex, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { OpenOptions, OpenRequest } from "./open.ts";

export type Query = Readonly<Record<string, string | readonly string[]>>;

export interface EngineRequest {
  readonly method: OpenOptions["method"];
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  /** Value of X-Registry-Auth, for what the engine asks of a registry. */
  readonly auth?: string;
  /** A tar, sent as it comes. */
  readonly body?: Readable;
  readonly signal: AbortSignal;
}

/** The engine said no. */
export class EngineRefusal extends Error {
  override readonly name = "EngineRefusal";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The status with which the engine refused; undefined for every other error. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof EngineRefusal ? error.status : undefined;
}

/** The whole answer, as JSON where it is some. */
export async function requestEngine(open: OpenRequest, request: EngineRequest): Promise<unknown> {
  const answer = await text(await streamFromEngine(open, request));
  try {
    return JSON.parse(answer);
  } catch {
    return answer;
  }
}

/** The answer as it comes. */
export async function streamFromEngine(open: OpenRequest, request: EngineRequest): Promise<Readable> {
  const answer = await send(open, request);
  if ((answer.statusCode ?? 0) < 300) return answer;
  throw await refusalOf(answer);
}

/** The connection itself, after the engine has agreed to speak HTTP/2 on it. */
export async function dialEngine(
  open: OpenRequest,
  {
    path,
    headers = {},
    signal,
  }: { readonly path: string; readonly headers?: EngineRequest["headers"]; readonly signal: AbortSignal },
): Promise<Duplex> {
  const upgrade = { connection: "Upgrade", upgrade: "h2c", ...headers };
  const request = open({ method: "POST", path, headers: upgrade, signal });
  return new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (answer) => void refusalOf(answer).then(reject, reject));
    request.on("upgrade", (_answer, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.end();
  });
}

function send(
  open: OpenRequest,
  { method, path, query = {}, headers = {}, auth, body, signal }: EngineRequest,
): Promise<IncomingMessage> {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) =>
      [value].flat().map((each) => [key, each] as [string, string]),
    ),
  ).toString();
  const request = open({
    method,
    path: search === "" ? path : `${path}?${search}`,
    headers: {
      ...headers,
      ...(auth === undefined ? {} : { "x-registry-auth": auth }),
      ...(body === undefined ? {} : { "content-type": "application/x-tar" }),
    },
    signal,
  });
  return new Promise((resolve, reject) => {
    // Also after the answer: an engine that refuses early no longer reads what is still being sent.
    request.on("error", reject).on("response", resolve);
    if (!body) return void request.end();
    body.on("error", (error) => request.destroy(error));
    body.pipe(request);
  });
}

async function refusalOf(answer: IncomingMessage): Promise<EngineRefusal> {
  const said = await text(answer);
  return new EngineRefusal(answer.statusCode ?? 0, (messageIn(said) ?? said).trim());
}

function messageIn(said: string): string | undefined {
  try {
    return (JSON.parse(said) as { message?: string }).message;
  } catch {
    return undefined;
  }
}
