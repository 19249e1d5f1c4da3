// A box is a set of namespaces with an init in it. Whatever runs inside ends with the init: processes, mounts,
// network links and packet filter rules need no list of what to clean.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, open, readFile } from "node:fs/promises";
import path from "node:path";
import { PaiError } from "@pai/core";
import {
  endProcess,
  findProcess,
  forgetProcess,
  identify,
  processesBeside,
  recordProcess,
  type ProcessRecord,
} from "./processes.ts";
import { poll } from "./poll.ts";
import { runCommand, type CommandOptions } from "./run-command.ts";
import { logPath, type Settings } from "./settings.ts";

export interface Box {
  readonly name: string;
  /** With a network and a host name of its own; otherwise the machine's. */
  readonly ownNetwork: boolean;
}

// As first process of its namespace the shell is the parent of all orphans: `wait` reaps them.
const INIT = "mount --make-rshared / && while :; do sleep 86400 & wait; done";

/** The box's init, if the box exists. */
export function findBox(settings: Settings, box: Box): Promise<ProcessRecord | undefined> {
  return findProcess(settings, box.name);
}

export async function makeBox(settings: Settings, box: Box, signal: AbortSignal): Promise<ProcessRecord> {
  const own = box.ownNetwork ? ["--net", "--uts"] : [];
  // Mounts that the machine makes later are seen inside (slave); mounts made inside stay there.
  const flags = [
    "--mount",
    "--pid",
    ...own,
    "--fork",
    "--kill-child",
    "--mount-proc",
    "--propagation",
    "slave",
  ];
  const log = logPath(settings, box.name);
  await mkdir(path.dirname(log), { recursive: true });
  const output = await open(log, "w");
  const keeper = spawn("unshare", [...flags, "sh", "-c", INIT], {
    detached: true,
    stdio: ["ignore", output.fd, output.fd],
    cwd: "/",
  });
  keeper.unref();
  await new Promise<void>((resolve, reject) => keeper.once("spawn", resolve).once("error", reject));
  await output.close();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  const pid = await poll(() => initOf(keeper), { intervalMs: 20, signal: limit }).catch(
    async (cause: unknown) => {
      keeper.kill("SIGKILL");
      signal.throwIfAborted();
      throw new PaiError("LOCAL_STACK", `make the namespaces of the ${box.name}`, {
        cause,
        details: (await readFile(log, "utf8").catch(() => "")).trim().split("\n"),
        hint: "the local stack needs root with the right to make namespaces (a container needs --privileged)",
      });
    },
  );
  const identity = await identify(pid);
  if (!identity)
    throw new PaiError("LOCAL_STACK", `make the namespaces of the ${box.name}: its init ended at once`);
  const record = { ...identity, since: new Date().toISOString() };
  await recordProcess(settings, box.name, record);
  return record;
}

async function initOf(keeper: ChildProcess): Promise<number | undefined> {
  if (keeper.exitCode !== null) throw new Error(`unshare ended with exit code ${keeper.exitCode}`);
  const [child] = await childrenOf(keeper.pid ?? 0);
  return child !== undefined && (await isReady(child)) ? child : undefined;
}

/** Ends everything inside, at once. */
export async function endBox(settings: Settings, box: Box): Promise<void> {
  const init = await findBox(settings, box);
  if (!init) return;
  await endProcess(init, 0);
  await forgetProcess(settings, box.name);
}

function enter(init: ProcessRecord, box: Box): readonly string[] {
  return ["nsenter", "-t", String(init.pid), "-m", "-p", ...(box.ownNetwork ? ["-n", "-u"] : []), "--"];
}

export function runInBox(
  init: ProcessRecord,
  box: Box,
  argv: readonly string[],
  options?: CommandOptions,
): Promise<string> {
  return runCommand([...enter(init, box), ...argv], { name: argv.slice(0, 4).join(" "), ...options });
}

/** The pid, as the machine numbers it, of a process that the box numbers `inner`. */
export async function outerPid(init: ProcessRecord, inner: number): Promise<number | undefined> {
  for (const pid of await processesBeside(init.pid)) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    if (Number(/^NSpid:.*\s(\d+)$/m.exec(status)?.[1]) === inner) return pid;
  }
  return undefined;
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text.trim().split(" ").filter(Boolean).map(Number);
}

/** The init sleeps once its mounts are shared among each other; nothing may be mounted inside before. */
async function isReady(pid: number): Promise<boolean> {
  const [child] = await childrenOf(pid);
  if (child === undefined) return false;
  return (await readFile(`/proc/${child}/comm`, "utf8").catch(() => "")).trim() === "sleep";
}
