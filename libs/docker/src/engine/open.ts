// How an engine is reached: its socket, TCP with or without TLS, or a machine over ssh.
import { spawn } from "node:child_process";
import type Http from "node:http";
import type Https from "node:https";
import { Duplex } from "node:stream";
import type { EngineRoute } from "./address.ts";

export interface OpenOptions {
  readonly method: "GET" | "POST" | "DELETE";
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Begins a request; nothing is sent before its end is written. */
export type OpenRequest = (options: OpenOptions) => Http.ClientRequest;

// An import statement would read all that node:http exports, and with that load fetch: 0.1 s that nobody needs.
const http = process.getBuiltinModule("node:http");
const loadHttps = (): typeof Https => process.getBuiltinModule("node:https");

export function openRoute(route: EngineRoute): OpenRequest {
  switch (route.via) {
    case "socket":
      return (options) => http.request({ ...options, socketPath: route.socketPath });
    case "tcp": {
      const { host, port, tls } = route;
      if (!tls) return (options) => http.request({ ...options, host, port });
      const { verify, ...files } = tls;
      // The authority counts in any case, as for the Docker client; the name does where it says so.
      const secure = { ...files, ...(verify ? {} : { checkServerIdentity: () => undefined }) };
      return (options) => loadHttps().request({ ...options, host, port, ...secure });
    }
    case "ssh": {
      const agent = new http.Agent();
      agent.createConnection = () => dialOverSsh(route);
      return (options) => http.request({ ...options, host: "engine", agent });
    }
  }
}

/** The machine's own ssh, with its keys, known hosts and configuration, as the Docker client does it. */
function dialOverSsh({ host, port, username }: Extract<EngineRoute, { via: "ssh" }>): Duplex {
  const user = username === undefined ? [] : ["-l", username];
  const address = [...user, ...(port === undefined ? [] : ["-p", port]), "--", host];
  const args = ["-o", "ConnectTimeout=15", "-T", ...address, "docker", "system", "dial-stdio"];
  const child = spawn("ssh", args, { stdio: "pipe" });
  const { stdin, stdout, stderr } = child;
  const socket = new Duplex({
    read: () => void stdout.resume(),
    // What keeps it from being taken is told by ssh at its end.
    write: (chunk, _encoding, done) => void stdin.write(chunk, () => done()),
    final: (done) => void stdin.end(() => done()),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  let said = "";
  stdin.on("error", () => undefined);
  stderr.on("data", (chunk: Buffer) => (said += String(chunk)));
  stdout.on("data", (chunk: Buffer) => void (socket.push(chunk) || stdout.pause()));
  child.on("error", (error) => socket.destroy(error));
  child.on("close", (code) => {
    if (code === 0) socket.push(null);
    else socket.destroy(new Error(`ssh to ${host}: ${said.trim() || `ended with ${code}`}`));
  });
  return socket;
}
