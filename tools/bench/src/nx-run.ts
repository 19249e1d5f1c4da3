import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BenchTree } from "./tree.ts";

export interface Run {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of all processes together, where these are not an engine's. */
  readonly cpu?: number;
  /** MB of the largest process. */
  readonly peak?: number;
}

export interface NxRun extends Run {
  readonly cpu: number;
  readonly peak: number;
  readonly stdout: string;
}

/** Written by each process of the run when it ends. */
const usageHook = `process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  require("node:fs").writeFileSync(
    require("node:path").join(process.env.BENCH_USAGE, process.pid + ".json"),
    JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, peak: maxRSS / 1024 }),
  );
});
`;

/** One nx command as CI runs it: no daemon, the plugin in Nx's own process. Throws when it fails. */
export function runNx({ root }: BenchTree, args: readonly string[], env: NodeJS.ProcessEnv = {}): NxRun {
  const usage = mkdtempSync(path.join(tmpdir(), "pai-bench-usage-"));
  const hook = path.join(usage, "hook.cjs");
  writeFileSync(hook, usageHook);
  try {
    const started = performance.now();
    const { status, stdout, stderr } = spawnSync("nx", [...args], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      env: {
        ...process.env,
        PATH: `${path.join(root, "node_modules/.bin")}:${process.env.PATH}`,
        NODE_OPTIONS: `--require ${hook}`,
        BENCH_USAGE: usage,
        NX_DAEMON: "false",
        NX_TUI: "false",
        NX_ISOLATE_PLUGINS: "false",
        NX_CACHE_DIRECTORY: path.join(root, ".nx/cache"),
        NX_WORKSPACE_DATA_DIRECTORY: path.join(root, ".nx/workspace-data"),
        ...env,
      },
    });
    const wall = (performance.now() - started) / 1000;
    if (status !== 0) throw new Error(`nx ${args.join(" ")}: ${stdout}${stderr}`);
    const processes = readdirSync(usage)
      .filter((name) => name.endsWith(".json"))
      .map((name) => JSON.parse(readFileSync(path.join(usage, name), "utf8")) as Pick<NxRun, "cpu" | "peak">);
    return {
      wall,
      cpu: processes.reduce((sum, each) => sum + each.cpu, 0),
      peak: Math.max(...processes.map(({ peak }) => peak)),
      stdout,
    };
  } finally {
    rmSync(usage, { recursive: true });
  }
}

/** In turns, so that other work on the machine meets all alike; of each the run with the least work. */
export function alternate<K extends string, R extends Run>(
  rounds: number,
  commands: Readonly<Record<K, () => R>>,
): Record<K, R> {
  const effort = ({ cpu, wall }: Run): number => cpu ?? wall;
  const best = new Map<K, R>();
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(commands) as K[]) {
      const run = commands[name]();
      const known = best.get(name);
      if (!known || effort(run) < effort(known)) best.set(name, run);
    }
  }
  return Object.fromEntries(best) as Record<K, R>;
}
