// Templates: this repository's Jinja2, Python's Jinja2 and plain nunjucks side by side. `node tools/bench/src/jinja.ts`
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Measured, ROUNDS } from "./jinja-engine.ts";
import { makeWorkload } from "./jinja-workload.ts";

const PYTHON = `
import json, sys, time, jinja2
work = json.load(sys.stdin)
context = json.loads(work["context"])
environment = jinja2.Environment()
compiled = {}
def render(template):
    name = template["name"]
    if name not in compiled:
        compiled[name] = environment.from_string(template["source"])
    return compiled[name].render(context)
start = time.perf_counter()
characters = sum(len(render(template)) for template in work["templates"])
cold = time.perf_counter() - start
start = time.perf_counter()
for _ in range(work["rounds"]):
    for template in work["templates"]:
        render(template)
cached = (time.perf_counter() - start) / work["rounds"] / len(work["templates"])
print(json.dumps({"cold": cold, "cached": cached, "characters": characters}))
`;

const REPEATS = 7;

function run(command: string, args: readonly string[], input = ""): Measured {
  const { status, stdout, stderr } = spawnSync(command, args, {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

const engineScript = fileURLToPath(new URL("jinja-engine.ts", import.meta.url));
const workload = makeWorkload();
const input = JSON.stringify({ ...workload, rounds: ROUNDS });
const engines: Readonly<Record<string, () => Measured>> = {
  "Jinja2 (Python)": () => run("/usr/bin/python3", ["-c", PYTHON], input),
  "@pai/jinja": () => run(process.execPath, [engineScript, "pai"]),
  nunjucks: () => run(process.execPath, [engineScript, "nunjucks"]),
};

// The engines take turns, and the best run counts: on a machine that is busy with other things it is the one that
// was disturbed least.
const measured = new Map<string, Measured[]>(Object.keys(engines).map((name) => [name, []]));
for (let repeat = 0; repeat < REPEATS; repeat++)
  for (const [name, measure] of Object.entries(engines)) measured.get(name)?.push(measure());

const results = [...measured].map(([name, runs]) => ({
  name,
  cold: Math.min(...runs.map(({ cold }) => cold)),
  cached: Math.min(...runs.map(({ cached }) => cached)),
  characters: runs[0]?.characters ?? 0,
}));
const [reference] = results;
const lines = workload.templates.reduce((sum, { source }) => sum + source.split("\n").length, 0);
console.log(
  `${workload.templates.length} templates, ${lines} lines; best of ${REPEATS} runs, engines taking turns`,
);
console.log(
  `${"".padEnd(18)}${"compile + render all".padStart(24)}${"one cached render".padStart(26)}${"characters".padStart(12)}`,
);
for (const { name, cold, cached, characters } of results) {
  const coldText = `${(cold * 1000).toFixed(0)} ms (${(cold / (reference?.cold ?? cold)).toFixed(2)} x)`;
  const cachedText = `${(cached * 1e6).toFixed(0)} us (${(cached / (reference?.cached ?? cached)).toFixed(2)} x)`;
  console.log(
    `${name.padEnd(18)}${coldText.padStart(24)}${cachedText.padStart(26)}${String(characters).padStart(12)}`,
  );
}
