// Nx with the plugin beside Nx alone:  node tools/bench/src/nx.ts [rounds] [affected] [cached] [graph sizes ...]
// Ratios are of processor time, which other work on the machine disturbs least. "cached" needs an engine.
import { rmSync } from "node:fs";
import path from "node:path";
import { startRegistry } from "../../../test/support/registry.ts";
import { engine, localTags } from "../../../test/support/docker.ts";
import { alternate, runNx, type NxRun } from "./nx-run.ts";
import { writeTree, type BenchTree } from "./tree.ts";

const [rounds = 3, affectedSize = 2000, cachedSize = 500, ...given] = process.argv.slice(2).map(Number);
const graphSizes = given.length > 0 ? given : [50, 500, 2000, 5000];
const show = ["show", "projects", "--json"];

console.log(
  "| work | services | pai | beside | ratio | goal | peak |\n| --- | --- | --- | --- | --- | --- | --- |",
);
for (const size of graphSizes) measureGraph(size);
measureAffected(affectedSize);
await measureCached(cachedSize);

function row(work: string, size: number, pai: NxRun, beside: NxRun, goal: string): void {
  const time = ({ cpu, wall }: NxRun): string => `${cpu.toFixed(2)} s (${wall.toFixed(2)} s)`;
  const cells = [
    work,
    size,
    time(pai),
    time(beside),
    (pai.cpu / beside.cpu).toFixed(2),
    goal,
    `${pai.peak.toFixed(0)} MB`,
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

/** Nothing of Nx's is kept from one run to the next. */
function cold(tree: BenchTree, args: readonly string[]): NxRun {
  rmSync(path.join(tree.root, ".nx"), { recursive: true, force: true });
  return runNx(tree, args);
}

function measureGraph(services: number): void {
  const pai = writeTree({ services });
  const plain = writeTree({ services, plain: true });
  try {
    const { own, alone } = alternate(rounds, {
      own: () => cold(pai, show),
      alone: () => cold(plain, show),
    });
    row("graph, nothing kept; Nx with project.json files", services, own, alone, "1.5");
  } finally {
    pai.remove();
    plain.remove();
  }
}

function measureAffected(services: number): void {
  const tree = writeTree({ services });
  try {
    tree.write(
      `src/${tree.last}/build/${tree.last}.dockerfile`,
      "FROM scratch\nCOPY build/file.txt /changed\n",
    );
    tree.commit();
    const affected = ["affected", "-t", "build", "--base=HEAD~1", "--head=HEAD", "--graph=stdout"];
    runNx(tree, show);
    const runs = alternate(rounds, { affected: () => runNx(tree, affected), show: () => runNx(tree, show) });
    row("nx affected -t build; nx show projects", services, runs.affected, runs.show, "1.5");
  } finally {
    tree.remove();
  }
}

async function measureCached(services: number): Promise<void> {
  const namespace = `bench${process.pid}`;
  const registry = await startRegistry();
  const tree = writeTree({ services, registry: registry.host, namespace });
  try {
    // A task of Nx's own in the same tree.
    const target = { targets: { noop: { executor: "nx:noop" } } };
    tree.write(`src/${tree.last}/project.json`, JSON.stringify({ name: tree.last, ...target }));
    tree.commit();
    runNx(tree, ["run-many", "-t", "push"]);
    for (const tag of await localTags(namespace)) await engine("DELETE", `/images/${tag}?force=true`);
    runNx(tree, ["run-many", "-t", "build"]);
    const { build, many, noop } = alternate(rounds, {
      build: () => cached(runNx(tree, ["run", `${tree.last}:build`])),
      many: () => cached(runNx(tree, ["run-many", "-t", "build"])),
      noop: () => runNx(tree, ["run", `${tree.last}:noop`]),
    });
    row("nx run last:build, all cached; nx:noop", services, build, noop, "1.3");
    row("nx run-many -t build, all cached; nx:noop", services, many, noop, "");
  } finally {
    for (const tag of await localTags(namespace)) await engine("DELETE", `/images/${tag}?force=true`);
    tree.remove();
    await registry.stop();
  }
}

function cached(run: NxRun): NxRun {
  if (!/Cache: +(\d+)\/\1 hit|out of \d+ tasks/.test(run.stdout))
    throw new Error(`not all from the cache: ${run.stdout}`);
  return run;
}
