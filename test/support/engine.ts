// A Docker engine of a test's own, beside the machine's: it can be killed, filled up and thrown away.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, open, readdir, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface TestEngine {
  /** `unix:///…`, for DOCKER_HOST and --engine. */
  readonly address: string;
  readonly socketPath: string;
  /** Ends it as a crash does, unless another signal is named; `start` brings it back with what it had, when it has ended. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>;
  readonly start: () => Promise<void>;
  /** It keeps its connections and answers nothing any more; `kill` ends it. */
  readonly freeze: () => void;
  readonly remove: () => Promise<void>;
}

/** `diskBytes` gives it a disk of that size. Needs root. */
export async function startEngine({ diskBytes }: { diskBytes?: number } = {}): Promise<TestEngine> {
  const folder = await mkdtemp(path.join(tmpdir(), "pai-engine-"));
  const socketPath = path.join(folder, "sock");
  const data = path.join(folder, "data");
  // Without a bridge of its own it would remove the one that another engine of the machine uses.
  const bridge = `pai${randomBytes(4).toString("hex")}`;
  await mkdir(data);
  if (diskBytes !== undefined) await run("mount", ["-t", "tmpfs", "-o", `size=${diskBytes}`, "tmpfs", data]);
  await run("ip", ["link", "add", bridge, "type", "bridge"]);
  await run("ip", ["address", "add", "198.18.250.1/24", "dev", bridge]);
  let child: ChildProcess | undefined;
  const kill = async (signal: NodeJS.Signals = "SIGKILL"): Promise<void> => {
    if (!isRunning(child)) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
    await endProcesses(folder);
    await unmountBelow(path.join(folder, "exec"));
  };
  const start = async (): Promise<void> => {
    if (isRunning(child)) return;
    child = await launch(folder, data, bridge);
  };
  const remove = async (): Promise<void> => {
    await kill();
    await run("ip", ["link", "delete", bridge]);
    await unmountBelow(folder);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  const freeze = (): void => void child?.kill("SIGSTOP");
  return { address: `unix://${socketPath}`, socketPath, kill, start, freeze, remove };
}

function isRunning(child: ChildProcess | undefined): child is ChildProcess {
  return child?.exitCode === null && child.signalCode === null;
}

async function launch(folder: string, data: string, bridge: string): Promise<ChildProcess> {
  const file = (name: string): string => path.join(folder, name);
  // After a crash it would wait for a containerd that has ended, too.
  for (const left of ["pid", "exec"]) await rm(file(left), { recursive: true, force: true });
  const log = await open(file("log"), "w");
  const args = [
    `--bridge=${bridge}`,
    "--iptables=false",
    "--ip6tables=false",
    `--data-root=${data}`,
    `--exec-root=${file("exec")}`,
    `--pidfile=${file("pid")}`,
    `--host=unix://${file("sock")}`,
    // Where the machine has a containerd of its own, two engines would share it, and each other's containers.
    `--containerd-namespace=${bridge}`,
    `--containerd-plugins-namespace=${bridge}-plugins`,
  ];
  const child = spawn("dockerd", args, { stdio: ["ignore", log.fd, log.fd] });
  await log.close();
  for (let tries = 0; tries < 1200; tries++) {
    if (child.exitCode !== null) break;
    if (await answers(file("sock"))) return child;
    await sleep(100);
  }
  child.kill("SIGKILL");
  throw new Error(`dockerd does not answer: ${await readFile(file("log"), "utf8")}`);
}

export function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    request({ socketPath, path: "/_ping" }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode === 200));
    })
      .on("error", () => resolve(false))
      .end();
  });
}

/** Its containerd and what runs in containers live on when the engine is killed. */
export async function endProcesses(folder: string): Promise<void> {
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const [command, mounts] = await Promise.all(
      ["cmdline", "mountinfo"].map((file) => readFile(`/proc/${entry}/${file}`, "utf8").catch(() => "")),
    );
    // A container's processes are known by what their root is made of.
    const root = mounts?.split("\n").find((line) => line.split(" ")[4] === "/");
    if (!command?.includes(folder) && !root?.includes(folder)) continue;
    try {
      process.kill(Number(entry), "SIGKILL");
    } catch {
      // It has ended since.
    }
  }
  await sleep(200);
}

export async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile("/proc/mounts", "utf8")).split("\n").map((line) => line.split(" ")[1] ?? "");
  for (const mount of mounts.filter((each) => each.startsWith(folder)).toReversed())
    await run("umount", ["--lazy", mount]);
}
