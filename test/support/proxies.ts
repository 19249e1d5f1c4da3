// What stands between a client and a registry, and fails as networks do.
import { once } from "node:events";
import { createServer as createHttpServer, request as httpRequest, type IncomingMessage } from "node:http";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

export interface Wire {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** After so many more bytes to the registry every connection breaks, and none is taken until it is mended. */
  readonly cutAfter: (bytes: number) => void;
  readonly isCut: () => boolean;
  readonly mend: () => void;
  readonly stop: () => void;
}

/** A plain TCP proxy. */
export async function startWire(target: string): Promise<Wire> {
  let left = Infinity;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.split(":")[1]), "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    }
    client.on("data", (chunk) => {
      left -= chunk.length;
      if (left >= 0) return;
      for (const socket of sockets) socket.destroy();
    });
    if (left < 0) client.destroy();
    client.pipe(upstream).pipe(client);
  });
  const host = await listen(server);
  return {
    host,
    cutAfter: (bytes) => (left = bytes),
    isCut: () => left < 0,
    mend: () => (left = Infinity),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

export interface Gate {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** Connections break, and new ones are refused, as by a server that is not there. */
  readonly shut: () => void;
  readonly open: () => Promise<void>;
}

/** A plain TCP proxy to `host:port`, open at first. */
export async function startGate(target: string): Promise<Gate> {
  const { hostname, port } = new URL(`http://${target}`);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    }
    client.pipe(upstream).pipe(client);
  });
  const host = await listen(server);
  return {
    host,
    shut: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
    open: async () => {
      server.listen(Number(host.split(":")[1]), "127.0.0.1");
      await once(server, "listening");
    },
  };
}

export interface Front {
  readonly host: string;
  readonly stop: () => void;
}

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An HTTP proxy in front of a registry that answers some requests itself. */
export async function startFront(
  target: string,
  answer: (request: IncomingMessage) => Answer | undefined,
): Promise<Front> {
  const server = createHttpServer((request, response) => {
    const own = answer(request);
    if (own) {
      request.resume();
      const type = { "content-type": "application/json" };
      response.writeHead(own.status, { ...type, ...own.headers }).end(JSON.stringify(own.body));
      return;
    }
    const [hostname, port] = target.split(":");
    const { method, url, headers } = request;
    const upstream = httpRequest({ hostname, port, method, path: url, headers }, (answered) => {
      response.writeHead(answered.statusCode ?? 500, answered.headers);
      answered.pipe(response);
    });
    upstream.on("error", () => response.destroy());
    request.pipe(upstream);
  });
  const host = await listen(server);
  return { host, stop: () => stopHttp(server) };
}

export interface ConnectProxy extends Front {
  /** What it was asked to connect to. */
  readonly asked: readonly string[];
}

/** A proxy for https, which wants these credentials. */
export async function startConnectProxy(login: string): Promise<ConnectProxy> {
  const asked: string[] = [];
  const server = createHttpServer((_, response) => response.writeHead(405).end());
  const wanted = `Basic ${Buffer.from(login).toString("base64")}`;
  server.on("connect", (request, client: Socket) => {
    client.on("error", () => undefined);
    if (request.headers["proxy-authorization"] !== wanted)
      return void client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    asked.push(request.url ?? "");
    const [hostname, port] = (request.url ?? "").split(":");
    const upstream = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      client.pipe(upstream).pipe(client);
    });
    upstream.on("error", () => client.destroy());
  });
  const host = await listen(server);
  return { host, asked, stop: () => stopHttp(server) };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function stopHttp(server: ReturnType<typeof createHttpServer>): void {
  server.closeAllConnections();
  server.close();
}
