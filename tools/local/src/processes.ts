// Programs that outlive us are known by a record: pid, start time and boot, so that a pid that was given to
// another process is never taken for ours. Without the record a process is not ours and is left alone.
import { readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Settings } from "./settings.ts";

export interface ProcessRecord {
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly startTime: string;
  readonly boot: string;
  readonly since: string;
  readonly version?: string;
  /** Says which command, arguments and files it was started with. */
  readonly fingerprint?: string;
}

export async function identify(
  pid: number,
): Promise<Pick<ProcessRecord, "pid" | "startTime" | "boot"> | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (!stat) return undefined;
  // The command name in brackets may hold spaces and brackets itself; field 3 follows the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime = ""] = [fields[0], fields[19]];
  if (state === "Z" || state === "X") return undefined;
  const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  return { pid, startTime, boot };
}

export async function isAlive(record: ProcessRecord): Promise<boolean> {
  const now = await identify(record.pid);
  return now?.startTime === record.startTime && now.boot === record.boot;
}

const recordPath = ({ runtime }: Settings, name: string): string => path.join(runtime, `${name}.json`);

/** The living process of that name, if there is one. */
export async function findProcess(settings: Settings, name: string): Promise<ProcessRecord | undefined> {
  const text = await readFile(recordPath(settings, name), "utf8").catch(() => undefined);
  if (!text) return undefined;
  try {
    const record = JSON.parse(text) as ProcessRecord;
    return (await isAlive(record)) ? record : undefined;
  } catch {
    return undefined;
  }
}

export async function recordProcess(settings: Settings, name: string, record: ProcessRecord): Promise<void> {
  await writeFile(recordPath(settings, name), `${JSON.stringify(record)}\n`);
}

export async function forgetProcess(settings: Settings, name: string): Promise<void> {
  await rm(recordPath(settings, name), { force: true });
}

/** Ends the process: SIGTERM, then SIGKILL when the grace is over (0: SIGKILL at once). Returns when it is gone. */
export async function endProcess(record: ProcessRecord, graceMs: number): Promise<void> {
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (!(await isAlive(record))) return;
    try {
      process.kill(record.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  };
  if (graceMs > 0) {
    await kill("SIGTERM");
    const deadline = Date.now() + graceMs;
    while (Date.now() < deadline && (await isAlive(record))) await sleep(50);
  }
  await kill("SIGKILL");
  while (await isAlive(record)) await sleep(20);
}

/** Processes (as this namespace numbers them) that live in the same pid namespace as `pid`. */
export async function processesBeside(pid: number): Promise<readonly number[]> {
  const namespace = await readlink(`/proc/${pid}/ns/pid`).catch(() => undefined);
  if (!namespace) return [];
  const all = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const inside = await Promise.all(
    all.map(async (entry) => (await readlink(`/proc/${entry}/ns/pid`).catch(() => "")) === namespace),
  );
  return all.filter((_, index) => inside[index]).map(Number);
}
