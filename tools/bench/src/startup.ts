// How long the commands take to say what they can do:  node tools/bench/src/startup.ts [turns]
// The turns of all commands alternate; the best of each counts, as other work on the machine only ever adds.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const turns = Number(process.argv[2] ?? 20);
const cache = mkdtempSync(path.join(tmpdir(), "pai-bench-startup-"));
const tool = (name: string): string => path.resolve(import.meta.dirname, `../../${name}/src/bin.js`);
const commands: readonly {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env?: object;
}[] = [
  { name: "node -e 0", argv: ["-e", "0"] },
  { name: "paictl --help", argv: [tool("paictl"), "--help"] },
  { name: "pai-build --help", argv: [tool("pai-build"), "--help"] },
  {
    name: "paictl --help, nothing kept",
    argv: [tool("paictl"), "--help"],
    env: { NODE_DISABLE_COMPILE_CACHE: "1" },
  },
];

const best = new Map<string, number>();
try {
  for (let turn = 0; turn < turns; turn += 1) {
    for (const { name, argv, env } of commands) {
      const started = performance.now();
      const { status } = spawnSync(process.execPath, argv, {
        env: { ...process.env, NODE_COMPILE_CACHE: cache, ...env },
      });
      if (status !== 0) throw new Error(`${name} ended with ${status}`);
      best.set(name, Math.min(best.get(name) ?? Infinity, performance.now() - started));
    }
  }
} finally {
  rmSync(cache, { recursive: true, force: true });
}
for (const [name, ms] of best) console.log(`${name.padEnd(30)}${ms.toFixed(0).padStart(6)} ms`);
