// How long the commands take to say what they can do, and how services are:
//   node tools/bench/src/startup.ts [turns]
// As this repository runs them and as they are installed. The turns of all commands alternate; the best of each
// counts, as other work on the machine only ever adds. `status` looks at five services of the local cluster.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { kubeconfig } from "./local-tree.ts";
import { packPrograms, treePrograms, type Programs } from "./programs.ts";
import { writeStatusTree } from "./status-tree.ts";

interface Command {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

interface Turn {
  readonly wall: number;
  readonly cpu: number;
  /** While at least one request to the cluster had no answer. */
  readonly asking: number;
}

const turns = Number(process.argv[2] ?? 20);
const folder = mkdtempSync(path.join(tmpdir(), "pai-bench-startup-"));
const meter = path.join(folder, "meter.cjs");
const reading = path.join(folder, "reading.json");
const services = writeStatusTree(folder, `bench-status-${process.pid}`);
const best = new Map<string, Turn>();
try {
  writeFileSync(meter, meterOf(reading));
  const installed = packPrograms();
  run({ name: "start", argv: [treePrograms.paictl, "service", "start"] });
  const commands = [
    { name: "node -e 0", argv: ["-e", "0"] },
    ...commandsOf("tree", treePrograms),
    ...commandsOf("installed", installed),
  ];
  for (let turn = 0; turn < turns; turn += 1)
    for (const command of commands) best.set(command.name, bestOf(run(command), best.get(command.name)));
} finally {
  run({ name: "delete", argv: [treePrograms.paictl, "service", "delete", "--yes"] });
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${services} services\n\n| command | time | waiting for the cluster | processor |`);
console.log("| --- | --- | --- | --- |");
for (const [name, { wall, cpu, asking }] of best)
  console.log(`| ${name} | ${wall.toFixed(0)} ms | ${asking.toFixed(0)} ms | ${cpu.toFixed(0)} ms |`);

function commandsOf(where: string, { paictl, paiBuild }: Programs): Command[] {
  return [
    { name: `paictl --help, ${where}`, argv: [paictl, "--help"] },
    { name: `pai-build --help, ${where}`, argv: [paiBuild, "--help"] },
    { name: `paictl service status, ${where}`, argv: [paictl, "service", "status"] },
    {
      name: `paictl --help, ${where}, nothing kept`,
      argv: [paictl, "--help"],
      env: { NODE_DISABLE_COMPILE_CACHE: "1" },
    },
  ];
}

function run({ name, argv, env }: Command): Turn {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--require", meter, ...argv], {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...process.env,
      KUBECONFIG: kubeconfig,
      NODE_COMPILE_CACHE: path.join(folder, "modules"),
      ...env,
    },
  });
  const wall = performance.now() - started;
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return { wall, ...(JSON.parse(readFileSync(reading, "utf8")) as Pick<Turn, "cpu" | "asking">) };
}

function bestOf(turn: Turn, before: Turn = turn): Turn {
  const least = (of: (each: Turn) => number): number => Math.min(of(turn), of(before));
  return {
    wall: least(({ wall }) => wall),
    cpu: least(({ cpu }) => cpu),
    asking: least(({ asking }) => asking),
  };
}

/** Loaded before the command; undici tells of its requests on channels of Node's. */
function meterOf(file: string): string {
  return `const { subscribe } = require("node:diagnostics_channel");
let open = 0, since = 0, asking = 0;
subscribe("undici:request:create", () => { if (open++ === 0) since = performance.now(); });
const end = () => { if (--open === 0) asking += performance.now() - since; };
subscribe("undici:request:trailers", end);
subscribe("undici:request:error", end);
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  require("node:fs").writeFileSync(${JSON.stringify(file)}, JSON.stringify({ cpu: (user + system) / 1000, asking }));
});
`;
}
