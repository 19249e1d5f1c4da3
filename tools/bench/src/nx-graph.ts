// What Nx needs to make the graph, and to select from it; without an engine.
import { rmSync } from "node:fs";
import path from "node:path";
import { alternate, runNx, type NxRun } from "./nx-run.ts";
import { printRow } from "./nx-table.ts";
import { writeTree, type BenchTree } from "./tree.ts";

export const show = ["show", "projects", "--json"];
export const affected = ["affected", "-t", "build", "--base=HEAD~1", "--head=HEAD"];

/** Below, starting Nx takes longer than the services do. */
const large = 500;

/** Of each size, beside the time a service takes also that in parts of what it takes at the first large size. */
export function measureGraphs(sizes: readonly number[], rounds: number): void {
  let first: number | undefined;
  for (const services of sizes) {
    const { pai, beside } = measureGraph(services, rounds);
    const milliseconds = (pai.cpu / services) * 1000;
    if (services >= large) first ??= milliseconds;
    const growth = first === undefined ? "" : ` (${(milliseconds / first).toFixed(2)})`;
    const work = "graph, nothing kept; Nx with project.json files";
    printRow({ work, services, pai, beside, goal: "1.5", each: `${milliseconds.toFixed(2)} ms${growth}` });
  }
}

function measureGraph(services: number, rounds: number): Record<"pai" | "beside", NxRun> {
  const own = writeTree({ services });
  const plain = writeTree({ services, plain: true });
  try {
    return alternate(rounds, { pai: () => cold(own, show), beside: () => cold(plain, show) });
  } finally {
    own.remove();
    plain.remove();
  }
}

/** Nothing of Nx's is kept from one run to the next. */
function cold(tree: BenchTree, args: readonly string[]): NxRun {
  rmSync(path.join(tree.root, ".nx"), { recursive: true, force: true });
  return runNx(tree, args);
}

/** The selection alone, and with the graph of the tree printed as JSON, of which most is not affected. */
export function measureAffected(services: number, rounds: number): void {
  const tree = writeTree({ services });
  try {
    changeLast(tree);
    runNx(tree, show);
    const runs = alternate(rounds, {
      selected: () => runNx(tree, [...affected, "--explain"]),
      printed: () => runNx(tree, [...affected, "--graph=stdout"]),
      show: () => runNx(tree, show),
    });
    const row = (option: string, pai: NxRun, goal: string): void =>
      printRow({
        work: `nx affected -t build ${option}; nx show projects`,
        services,
        pai,
        beside: runs.show,
        goal,
      });
    row("--explain", runs.selected, "1.5");
    row("--graph=stdout", runs.printed, "");
  } finally {
    tree.remove();
  }
}

export function changeLast(tree: BenchTree): void {
  tree.write(
    `src/${tree.last}/build/${tree.last}.dockerfile`,
    "FROM scratch\nCOPY build/file.txt /changed\n",
  );
  tree.commit();
}
