import { spawn } from "node:child_process";
import type { Agent } from "node:http";
import { Duplex } from "node:stream";

export interface SshRoute {
  readonly host: string;
  /** As ssh has it configured when absent. */
  readonly port?: string | undefined;
  readonly username?: string | undefined;
}

/**
 * Connections to an engine by the machine's own ssh, with its keys, known hosts and configuration, as the Docker
 * client makes them. dockerode's own ssh client asks for no host key and reads no configuration.
 */
export function sshAgent(route: SshRoute): Agent {
  const http = process.getBuiltinModule("node:http");
  const agent = new http.Agent();
  agent.createConnection = () => dial(route);
  return agent;
}

function dial({ host, port, username }: SshRoute): Duplex {
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
