// The box has no way out. This program of the machine accepts connections inside the box and carries them on from
// outside: those to the registry's loopback address to the same address of the machine, and those of containerd's
// HTTPS proxy to wherever they want. A socket stays in the network in which it was made: so a second process makes
// the listening sockets inside and hands them over.
import { fork } from "node:child_process";
import { connect, createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";

interface Offer {
  readonly port: number;
}

function carry(from: Socket, to: Socket): void {
  from.on("error", () => to.destroy());
  to.on("error", () => from.destroy());
  from.pipe(to);
  to.pipe(from);
}

/** Answers `CONNECT host:port`; anything else is refused. */
function proxy(client: Socket): void {
  client.on("error", () => client.destroy());
  client.once("data", (head) => {
    const target = /^CONNECT ([^\s:]+):(\d+) HTTP/.exec(head.toString("latin1"));
    if (!target) return void client.end("HTTP/1.1 405 Method Not Allowed\r\n\r\n");
    const server = connect(Number(target[2]), target[1] ?? "");
    server.once("connect", () => client.write("HTTP/1.1 200 Connection Established\r\n\r\n"));
    server.once("error", () => client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    carry(client, server);
  });
}

function listenInside(ports: readonly number[]): void {
  for (const port of ports) {
    const server = createServer();
    server.listen(port, "127.0.0.1", () =>
      process.send?.({ port } satisfies Offer, server, () => server.close()),
    );
  }
}

function serve(boxPid: string, registryPort: string, proxyPort: string): void {
  const listener = fork(fileURLToPath(import.meta.url), ["listen", registryPort, proxyPort], {
    execPath: "nsenter",
    execArgv: ["-t", boxPid, "-n", "--", process.execPath],
  });
  listener.on("message", ({ port }: Offer, server) => {
    (server as Server).on("connection", (socket: Socket) => {
      if (port === Number(proxyPort)) proxy(socket);
      else carry(socket, connect(port, "127.0.0.1"));
    });
  });
  listener.on("exit", (code) => {
    if (code !== 0) process.exit(1);
  });
}

const [role, ...args] = process.argv.slice(2);
if (role === "listen") listenInside(args.map(Number));
else serve(args[0] ?? "", args[1] ?? "0", args[2] ?? "0");
