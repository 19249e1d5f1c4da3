import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

/** The machine's engine as one without BuildKit would answer: it knows no sessions. */
export async function startEngineWithoutBuildKit(): Promise<{
  /** For DOCKER_HOST. */
  readonly address: string;
  readonly stop: () => Promise<void>;
}> {
  const folder = await mkdtemp(path.join(tmpdir(), "pai-proxy-"));
  const socketPath = path.join(folder, "sock");
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = request({ socketPath: "/var/run/docker.sock", method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  server.on("upgrade", (_, socket) =>
    socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
  );
  server.listen(socketPath);
  await once(server, "listening");
  return {
    address: `unix://${socketPath}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}
