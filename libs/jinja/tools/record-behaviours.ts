// Writes Jinja2's own answers into src/fixtures/behaviours.json: for the cases that have none yet, with --all for every
// case. The reference is Debian 12's (Python 3.11, Jinja2 3.1.2, MarkupSafe 2.1.2); later ones differ in a few words.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface Recorded {
  readonly context: string;
  readonly templates: Readonly<Record<string, string>>;
  readonly cases: readonly Question[];
}

interface Question {
  readonly group: string;
  readonly template: string;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly text?: string;
  readonly type?: string;
}

const FILE = new URL("../src/fixtures/behaviours.json", import.meta.url);
const ORACLE = fileURLToPath(new URL("../../../test/support/jinja/oracle.py", import.meta.url));

function findPython(): string {
  const check = "import jinja2, sys; sys.exit(not jinja2.__version__.startswith('3.1.'))";
  const found = ["/usr/bin/python3", "python3"].find(
    (python) => spawnSync(python, ["-c", check]).status === 0,
  );
  if (found === undefined)
    throw new Error("no python3 has Jinja2 3.1; on Debian: apt-get install python3-jinja2");
  return found;
}

/** One answer a question: `{"text"}`, or the `{"type","message","line"}` of the refusal. */
function askJinja2(
  { context, templates }: Recorded,
  cases: readonly Question[],
): readonly Readonly<Record<string, unknown>>[] {
  const input = cases
    .map(({ template, env }) => JSON.stringify({ template, templates, context, env }))
    .join("\n");
  const run = spawnSync(findPython(), [ORACLE], { input, encoding: "utf8", maxBuffer: 2 ** 30 });
  if (run.status !== 0) throw new Error(`Jinja2 could not be asked: ${run.stderr}`, { cause: run.error });
  return run.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

/** As Python's json.dumps writes it: in ASCII, with a space after `,` and `:`. */
function asciiJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asciiJson).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .map(([key, item]) => `${asciiJson(key)}: ${asciiJson(item)}`)
      .join(", ")}}`;
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const recorded = JSON.parse(readFileSync(FILE, "utf8")) as Recorded;
const all = process.argv.includes("--all");
const asked = recorded.cases.filter(({ text, type }) => all || (text === undefined && type === undefined));
const answers = asked.length === 0 ? [] : askJinja2(recorded, asked);
const answerOf = new Map(asked.map((question, index) => [question, answers[index]]));
const lines = recorded.cases.map((question) => {
  const answer = answerOf.get(question);
  if (!answer) return `  ${asciiJson(question)}`;
  const { group, template, env } = question;
  return `  ${asciiJson({ group, template, ...(env ? { env } : {}), ...answer })}`;
});
const head = ` "context": ${asciiJson(recorded.context)},\n "templates": ${asciiJson(recorded.templates)},\n`;
writeFileSync(FILE, `{\n${head} "cases": [\n${lines.join(",\n")}\n ]\n}\n`);
console.log(`${asked.length} of ${lines.length} behaviours recorded`);
