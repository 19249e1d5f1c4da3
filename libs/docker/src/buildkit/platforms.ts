// Asks BuildKit itself, over the engine's address for BuildKit's own clients: the engine's API has no word for it.
import type { Duplex } from "node:stream";
import type { Engine } from "../engine/connect.ts";
import { unlessSilent } from "../engine/request.ts";
import { engineFailure } from "../image-store.ts";
import { loadHttp2 } from "./http2.ts";
import { decodeFields, messagesOf, textOf } from "./protobuf.ts";

const listWorkers = "/moby.buildkit.v1.Control/ListWorkers";

/** The platforms whose programs the engine can run in a build, its own first: `linux/amd64`. */
export async function findPlatforms(engine: Engine, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const answer = decodeFields(await unlessSilent(engine.docker, signal, (until) => ask(engine, until)));
    const platforms = messagesOf(answer, 1).flatMap((worker) => messagesOf(worker, 3));
    return platforms.map((each) =>
      [textOf(each, 2), textOf(each, 1), textOf(each, 3)].filter(Boolean).join("/"),
    );
  } catch (error) {
    throw engineFailure(engine, "ask for the platforms that can be built for", error, signal);
  }
}

async function ask(engine: Engine, signal: AbortSignal): Promise<Buffer> {
  const socket = await dial(engine, signal);
  try {
    return await call(socket, signal);
  } finally {
    socket.destroy();
  }
}

function dial({ docker }: Engine, signal: AbortSignal): Promise<Duplex> {
  const request = {
    path: "/grpc",
    method: "POST",
    hijack: true,
    headers: { Upgrade: "h2c" },
    abortSignal: signal,
    statusCodes: { 101: true },
  };
  return new Promise((resolve, reject) =>
    docker.modem.dial(request, (error: unknown, socket: unknown) =>
      error ? reject(error as Error) : resolve(socket as Duplex),
    ),
  );
}

/** The answer to a request without content. */
function call(socket: Duplex, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const connection = loadHttp2().connect("http://engine", { createConnection: () => socket });
    connection.on("error", reject);
    const stream = connection.request(
      { ":method": "POST", ":path": listWorkers, "content-type": "application/grpc", te: "trailers" },
      { signal },
    );
    const chunks: Buffer[] = [];
    stream
      .on("data", (chunk: Buffer) => chunks.push(chunk))
      .on("error", reject)
      // gRPC puts one byte of flags and four of length before each message, also before an empty one.
      .on("end", () => resolve(Buffer.concat(chunks).subarray(5)))
      .end(Buffer.alloc(5));
  });
}
