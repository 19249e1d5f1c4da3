// The table of the bench of Nx.
import type { Run } from "./nx-run.ts";

export interface Row {
  readonly work: string;
  readonly services: number;
  readonly pai: Run;
  readonly beside: Run;
  readonly goal?: string;
  /** What a service takes, and how that grows. */
  readonly each?: string;
}

export function printHeader(): void {
  line(["work", "services", "pai", "beside", "ratio", "goal", "a service", "peak"]);
  line(Array.from({ length: 8 }, () => "---"));
}

/** The ratio is of processor time, which other work on the machine disturbs least, where both have it. */
export function printRow({ work, services, pai, beside, goal = "", each = "" }: Row): void {
  const ratio =
    pai.cpu === undefined || beside.cpu === undefined ? pai.wall / beside.wall : pai.cpu / beside.cpu;
  const peak = pai.peak === undefined ? "" : `${pai.peak.toFixed(0)} MB`;
  line([work, `${services}`, time(pai), time(beside), ratio.toFixed(2), goal, each, peak]);
}

function time({ cpu, wall }: Run): string {
  return `${cpu === undefined ? "" : `${cpu.toFixed(2)} s `}(${wall.toFixed(2)} s)`;
}

function line(cells: readonly string[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}
