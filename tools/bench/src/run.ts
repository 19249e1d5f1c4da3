// How close a start of many services comes to its critical path:  node tools/bench/src/run.ts [rounds]
// 30 services in six levels, each with a script that takes a known time and makes no objects, so that nothing but the
// run itself is measured: the order, the scripts, leases and records. Beside it the same one by one.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { kubeconfig, startLocalTree } from "./local-tree.ts";
import { treePrograms } from "./programs.ts";

const { paictl } = treePrograms;
const [levels, width] = [6, 5];
const rounds = Number(process.argv[2] ?? 1);

interface Node {
  readonly name: string;
  readonly seconds: number;
  readonly needs: readonly string[];
}

const root = mkdtempSync(path.join(tmpdir(), "pai-bench-run-"));
const usage = path.join(root, "usage");
const nodes = graph(`bench-run-${process.pid}`);
try {
  writeTree();
  const critical = criticalSeconds();
  const sum = nodes.reduce((total, { seconds }) => total + seconds, 0);
  console.log(`critical path ${critical} s, one after the other ${sum} s\n`);
  console.log(
    "| run | time | to the critical path | CPU of paictl | peak |\n| --- | --- | --- | --- | --- |",
  );
  for (let round = 0; round < rounds; round++) {
    for (const [name, parallel] of [
      ["8 at once, the default", 8],
      ["one by one", 1],
    ] as const) {
      const { seconds, cpu, peak } = start(parallel);
      const ratio = (seconds / critical).toFixed(2);
      console.log(`| ${name} | ${seconds.toFixed(1)} s | ${ratio} | ${cpu.toFixed(1)} s | ${peak} MB |`);
      paictlOf("delete", "--yes");
    }
  }
} finally {
  paictlOf("delete", "--yes");
  rmSync(root, { recursive: true, force: true });
}

function graph(id: string): Node[] {
  const made: Node[] = [];
  for (let level = 0; level < levels; level++) {
    for (let index = 0; index < width; index++) {
      const needs = level === 0 ? [] : [index, (index + 1) % width].map((at) => nameOf(id, level - 1, at));
      made.push({ name: nameOf(id, level, index), seconds: 2 + ((index * 7 + level * 3) % 5), needs });
    }
  }
  return made;
}

function nameOf(id: string, level: number, index: number): string {
  return `${id}-${level}-${index}`;
}

function criticalSeconds(): number {
  const ends = new Map<string, number>();
  for (const { name, seconds, needs } of nodes)
    ends.set(name, seconds + Math.max(0, ...needs.map((need) => ends.get(need) ?? 0)));
  return Math.max(...ends.values());
}

/** The time is that of the run, without the start of Node and the reading of the tree. */
function start(parallel: number): { readonly seconds: number; readonly cpu: number; readonly peak: number } {
  const stdout = paictlOf("start", "--output", "json", "--parallel", String(parallel));
  const events = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { readonly type: string; readonly ms: number });
  const summary = events.find(({ type }) => type === "summary");
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(
    readFileSync(usage, "utf8"),
  ) as NodeJS.ResourceUsage;
  const cpu = (userCPUTime + systemCPUTime) / 1e6;
  return { seconds: (summary?.ms ?? 0) / 1000, cpu, peak: Math.round(maxRSS / 1024) };
}

function paictlOf(command: string, ...argv: string[]): string {
  const measured = path.join(root, "measure.cjs");
  const child = spawnSync(
    process.execPath,
    ["--require", measured, paictl, "service", command, "-p", "configuration", ...argv],
    { cwd: root, encoding: "utf8", env: { ...process.env, KUBECONFIG: kubeconfig }, maxBuffer: 2 ** 26 },
  );
  if (child.status !== 0) throw new Error(`paictl service ${command}: ${child.stderr}`);
  return child.stdout;
}

function writeTree(): void {
  const write = startLocalTree(root);
  write(
    "measure.cjs",
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(usage)}, JSON.stringify(process.resourceUsage())))`,
  );
  for (const { name, seconds, needs } of nodes) {
    const deploy = `src/${name}/deploy`;
    write(
      `${deploy}/service.yaml`,
      `prerequisite: [${needs.join(", ")}]\nstart-script: start.sh\ndelete-script: delete.sh\n`,
    );
    write(`${deploy}/start.sh`, `sleep ${seconds}\n`);
    write(`${deploy}/delete.sh`, "true\n");
  }
}
