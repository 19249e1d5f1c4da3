// What Nx needs where every image is there already; this takes an engine.
import { startRegistry } from "../../../test/support/registry.ts";
import { dockerBuild, removeImages, runPaiBuild } from "./images-tools.ts";
import { affected, changeLast, show } from "./nx-graph.ts";
import { alternate, runNx, type NxRun, type Run } from "./nx-run.ts";
import { printRow } from "./nx-table.ts";
import { writeTree, type BenchTree } from "./tree.ts";

async function withRegistry(
  services: number,
  measure: (tree: BenchTree, namespace: string) => void,
): Promise<void> {
  const namespace = `bench${process.pid}`;
  const registry = await startRegistry();
  const tree = writeTree({ services, registry: registry.host, namespace });
  try {
    // A task of Nx's own in the same tree.
    const target = { targets: { noop: { executor: "nx:noop" } } };
    tree.write(`src/${tree.last}/project.json`, JSON.stringify({ name: tree.last, ...target }));
    tree.commit();
    measure(tree, namespace);
  } finally {
    removeImages(namespace);
    tree.remove();
    await registry.stop();
  }
}

/** The images of one service and those below it; of the others no one is made. */
export function measureCached(services: number, rounds: number): Promise<void> {
  return withRegistry(services, (tree, namespace) => {
    const build = ["run", `${tree.last}:build`];
    runNx(tree, ["run", `${tree.last}:push`]);
    removeImages(namespace);
    runNx(tree, build);
    const one = alternate(rounds, {
      pai: () => cached(runNx(tree, build)),
      beside: () => runNx(tree, ["run", `${tree.last}:noop`]),
    });
    printRow({ work: "nx run last:build, all cached; nx:noop", services, ...one, goal: "1.3" });
    changeLast(tree);
    runNx(tree, affected);
    const changed = alternate(rounds, {
      pai: () => cached(runNx(tree, affected)),
      beside: () => runNx(tree, show),
    });
    const work = "nx affected -t build, one changed, cached; nx show projects";
    printRow({ work, services, ...changed, goal: "1.5" });
  });
}

/** All images, in the registry and in the engine, so that `docker build` has its cache, too. */
export function measureMany(services: number, rounds: number): Promise<void> {
  return withRegistry(services, (tree, namespace) => {
    const many = ["run-many", "-t", "build"];
    runNx(tree, ["run-many", "-t", "push"]);
    runNx(tree, many);
    const byDocker = (): Run => ({ wall: dockerBuild(tree, tree.names, `${namespace}-docker`) });
    byDocker();
    const runs = alternate(rounds, {
      nx: (): Run => cached(runNx(tree, many)),
      noop: () => runNx(tree, ["run", `${tree.last}:noop`]),
      paiBuild: () => byPaiBuild(tree),
      docker: byDocker,
    });
    printRow({
      work: "nx run-many -t build, all cached; nx:noop",
      services,
      pai: runs.nx,
      beside: runs.noop,
    });
    const beside = { services, beside: runs.docker, goal: "0.05" };
    printRow({ work: "nx run-many -t build; docker build, one by one, cached", pai: runs.nx, ...beside });
    printRow({ work: "pai-build build; docker build, one by one, cached", pai: runs.paiBuild, ...beside });
  });
}

function byPaiBuild(tree: BenchTree): Run {
  const { seconds: wall, peakMegabytes: peak } = runPaiBuild(tree, ["build"]);
  return { wall, peak };
}

function cached(run: NxRun): NxRun {
  if (!/Cache: +(\d+)\/\1 hit|out of \d+ tasks/.test(run.stdout))
    throw new Error(`not all from the cache: ${run.stdout}`);
  return run;
}
