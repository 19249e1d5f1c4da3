// What `paictl service status --watch` costs while nothing happens, after its first looks.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { kubeconfig } from "./local-tree.ts";
import { treePrograms } from "./programs.ts";
import { writeStatusTree } from "./status-tree.ts";

const env = { ...process.env, KUBECONFIG: kubeconfig };
/** The kernel counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

export interface IdleCost {
  readonly services: number;
  /** Of one core. */
  readonly percent: number;
  readonly memoryMb: number;
}

export async function measureIdleStatus(seconds: number): Promise<IdleCost> {
  const root = mkdtempSync(path.join(tmpdir(), "pai-bench-watch-"));
  const services = writeStatusTree(root, `bench-watch-${process.pid}`);
  try {
    paictl(root, "start");
    const argv = [treePrograms.paictl, "service", "status", "--watch"];
    const watching = spawn(process.execPath, argv, { cwd: root, env, stdio: "ignore" });
    try {
      await sleep(10_000);
      const before = ticksOf(watching.pid);
      await sleep(seconds * 1000);
      const percent = ((ticksOf(watching.pid) - before) / ticksPerSecond / seconds) * 100;
      return { services, percent, memoryMb: memoryOf(watching.pid) };
    } finally {
      watching.kill("SIGINT");
    }
  } finally {
    paictl(root, "delete", "--yes");
    rmSync(root, { recursive: true, force: true });
  }
}

function paictl(root: string, command: string, ...more: string[]): void {
  const argv = [treePrograms.paictl, "service", command, ...more];
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd: root, encoding: "utf8", env });
  if (status !== 0) throw new Error(`paictl service ${command} ended with ${status}: ${stderr}`);
}

/** User and system time, which are the 14th and 15th field; the 2nd is the name in brackets. */
function ticksOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function memoryOf(pid: number | undefined): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}
