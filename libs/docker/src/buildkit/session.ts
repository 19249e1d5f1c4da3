// The session that BuildKit calls back on while it builds: gRPC over HTTP/2 over a hijacked connection.
// Only what pai answers is here: health, the credentials of a registry, and secrets.
import { randomUUID } from "node:crypto";
import type { ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type Docker from "dockerode";
import { loadHttp2 } from "./http2.ts";
import { decodeFields, encodeField, textOf } from "./protobuf.ts";

export interface SessionAnswers {
  /** Called with the host of each image that needs credentials; nobody else's are ever given. */
  readonly credentials: (host: string) => Promise<RegistryCredentials | undefined>;
  /** The value of a secret that a step mounts, by its id. */
  readonly secret: (id: string) => Uint8Array | undefined;
}

export type RegistryCredentials =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string };

export interface Session {
  readonly id: string;
  readonly close: () => void;
}

const okay = "0";
const notFound = "5";
const unimplemented = "12";

export async function openSession(
  docker: Docker,
  answers: SessionAnswers,
  signal: AbortSignal,
): Promise<Session> {
  const id = randomUUID();
  const socket = await dialSession(docker, id, signal);
  const connection = loadHttp2().performServerHandshake(socket);
  // A broken session shows in the build's own answer, which says what matters.
  connection.on("error", () => undefined);
  socket.on("error", () => undefined);
  connection.on("stream", (stream, headers) => serve(stream, String(headers[":path"]), answers));
  // Node takes over what has arrived already at the next tick, and crashes if the connection is closed by then.
  await setImmediate();
  return {
    id,
    close: () => {
      connection.destroy();
      socket.destroy();
    },
  };
}

function dialSession(docker: Docker, id: string, signal: AbortSignal): Promise<Duplex> {
  const headers = {
    Upgrade: "h2c",
    "X-Docker-Expose-Session-Uuid": id,
    "X-Docker-Expose-Session-Name": "pai",
  };
  return new Promise((resolve, reject) =>
    docker.modem.dial(
      {
        path: "/session",
        method: "POST",
        hijack: true,
        headers,
        abortSignal: signal,
        statusCodes: { 101: true },
      },
      (error: unknown, socket: unknown) => (error ? reject(error as Error) : resolve(socket as Duplex)),
    ),
  );
}

function serve(stream: ServerHttp2Stream, method: string, answers: SessionAnswers): void {
  const chunks: Buffer[] = [];
  stream
    .on("error", () => undefined)
    .on("data", (chunk: Buffer) => chunks.push(chunk))
    .on("end", () => {
      // gRPC puts one byte of flags and four of length before each message.
      const message = Buffer.concat(chunks).subarray(5);
      void answer(method, message, answers)
        .catch(() => undefined)
        .then((reply) => send(stream, reply ?? { status: notFound }));
    });
}

interface Reply {
  readonly status: string;
  readonly message?: Uint8Array;
}

async function answer(
  method: string,
  message: Buffer,
  { credentials, secret }: SessionAnswers,
): Promise<Reply | undefined> {
  switch (method) {
    case "/grpc.health.v1.Health/Check":
      // Unanswered, the engine drops the session after a second.
      return { status: okay, message: Buffer.from([8, 1]) };
    case "/moby.filesync.v1.Auth/Credentials": {
      const found = await credentials(textOf(decodeFields(message), 1));
      if (!found) return { status: okay, message: Buffer.alloc(0) };
      const { username, secret } =
        "identityToken" in found
          ? { username: "", secret: found.identityToken }
          : { username: found.username, secret: found.password };
      return { status: okay, message: Buffer.concat([encodeField(1, username), encodeField(2, secret)]) };
    }
    case "/moby.buildkit.secrets.v1.Secrets/GetSecret": {
      const value = secret(textOf(decodeFields(message), 1));
      return value ? { status: okay, message: encodeField(1, value) } : { status: notFound };
    }
    default:
      return { status: unimplemented };
  }
}

function send(stream: ServerHttp2Stream, { status, message }: Reply): void {
  if (stream.destroyed) return;
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": status }));
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  if (!message) return void stream.end();
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  stream.end(Buffer.concat([prefix, message]));
}
