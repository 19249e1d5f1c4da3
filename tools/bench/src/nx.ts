// Nx with the plugin beside Nx alone:  node tools/bench/src/nx.ts [rounds] [affected] [cached] [many] [graph sizes ...]
// Ratios are of processor time, which other work on the machine disturbs least. "cached" and "many" need an
// engine; a size of 0 leaves a part out.
import { rmSync } from "node:fs";
import path from "node:path";
import { startRegistry } from "../../../test/support/registry.ts";
import { engine, localTags } from "../../../test/support/docker.ts";
import { alternate, runNx, type NxRun } from "./nx-run.ts";
import { writeTree, type BenchTree } from "./tree.ts";

const [rounds = 3, affectedSize = 2000, cachedSize = 500, manySize = 200, ...given] = process.argv
  .slice(2)
  .map(Number);
const graphSizes = given.length > 0 ? given : [50, 500, 2000, 5000];
const show = ["show", "projects", "--json"];
const affected = ["affected", "-t", "build", "--base=HEAD~1", "--head=HEAD"];

console.log(
  "| work | services | pai | beside | ratio | goal | peak |\n| --- | --- | --- | --- | --- | --- | --- |",
);
for (const size of graphSizes.filter((size) => size > 0)) measureGraph(size);
if (affectedSize > 0) measureAffected(affectedSize);
if (cachedSize > 0) await withImages(cachedSize, measureCached);
if (manySize > 0) await withImages(manySize, measureMany);

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

/** The selection alone, and with the graph of the tree printed as JSON, of which most is not affected. */
function measureAffected(services: number): void {
  const tree = writeTree({ services });
  try {
    changeLast(tree);
    runNx(tree, show);
    const runs = alternate(rounds, {
      selected: () => runNx(tree, [...affected, "--explain"]),
      printed: () => runNx(tree, [...affected, "--graph=stdout"]),
      show: () => runNx(tree, show),
    });
    row("nx affected -t build --explain; nx show projects", services, runs.selected, runs.show, "1.5");
    row("nx affected -t build --graph=stdout; nx show projects", services, runs.printed, runs.show, "");
  } finally {
    tree.remove();
  }
}

function changeLast(tree: BenchTree): void {
  tree.write(
    `src/${tree.last}/build/${tree.last}.dockerfile`,
    "FROM scratch\nCOPY build/file.txt /changed\n",
  );
  tree.commit();
}

type Measure = (services: number, tree: BenchTree, removeImages: () => Promise<void>) => Promise<void>;

async function withImages(services: number, measure: Measure): Promise<void> {
  const namespace = `bench${process.pid}`;
  const registry = await startRegistry();
  const tree = writeTree({ services, registry: registry.host, namespace });
  const removeImages = async (): Promise<void> => {
    for (const tag of await localTags(namespace)) await engine("DELETE", `/images/${tag}?force=true`);
  };
  try {
    // A task of Nx's own in the same tree.
    const target = { targets: { noop: { executor: "nx:noop" } } };
    tree.write(`src/${tree.last}/project.json`, JSON.stringify({ name: tree.last, ...target }));
    tree.commit();
    await measure(services, tree, removeImages);
  } finally {
    await removeImages();
    tree.remove();
    await registry.stop();
  }
}

/** The images of one service and those below it; of the others no one is made. */
async function measureCached(
  services: number,
  tree: BenchTree,
  removeImages: () => Promise<void>,
): Promise<void> {
  const build = ["run", `${tree.last}:build`];
  runNx(tree, ["run", `${tree.last}:push`]);
  await removeImages();
  runNx(tree, build);
  const one = alternate(rounds, {
    build: () => cached(runNx(tree, build)),
    noop: () => runNx(tree, ["run", `${tree.last}:noop`]),
  });
  row("nx run last:build, all cached; nx:noop", services, one.build, one.noop, "1.3");
  changeLast(tree);
  runNx(tree, affected);
  const changed = alternate(rounds, {
    affected: () => cached(runNx(tree, affected)),
    show: () => runNx(tree, show),
  });
  row(
    "nx affected -t build, one changed, cached; nx show projects",
    services,
    changed.affected,
    changed.show,
    "1.5",
  );
}

async function measureMany(
  services: number,
  tree: BenchTree,
  removeImages: () => Promise<void>,
): Promise<void> {
  runNx(tree, ["run-many", "-t", "push"]);
  await removeImages();
  runNx(tree, ["run-many", "-t", "build"]);
  const { many, noop } = alternate(rounds, {
    many: () => cached(runNx(tree, ["run-many", "-t", "build"])),
    noop: () => runNx(tree, ["run", `${tree.last}:noop`]),
  });
  row("nx run-many -t build, all cached; nx:noop", services, many, noop, "");
}

function cached(run: NxRun): NxRun {
  if (!/Cache: +(\d+)\/\1 hit|out of \d+ tasks/.test(run.stdout))
    throw new Error(`not all from the cache: ${run.stdout}`);
  return run;
}
