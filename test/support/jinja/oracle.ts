// Real Jinja2 beside @pai/jinja: what each makes of the same cases.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { JinjaError, memoryLoader, parseJsonContext, renderTemplate, type RenderOptions } from "@pai/jinja";
import type { Case } from "./templates.ts";

export type Answer =
  | { readonly text: string }
  | { readonly type: string; readonly message: string; readonly line: number | null };

const SCRIPT = fileURLToPath(new URL("oracle.py", import.meta.url));

/** A python3 that has Jinja2 3.1; `undefined` when there is none. */
export function findPython(): string | undefined {
  const check = "import jinja2, sys; sys.exit(not jinja2.__version__.startswith('3.1.'))";
  return ["/usr/bin/python3", "python3"].find((python) => spawnSync(python, ["-c", check]).status === 0);
}

export function askJinja2(python: string, cases: readonly Case[]): Answer[] {
  const input = cases.map((one) => JSON.stringify(one)).join("\n");
  const run = spawnSync(python, [SCRIPT], { input, encoding: "utf8", maxBuffer: 2 ** 30 });
  if (run.status !== 0) throw new Error(`the oracle failed: ${run.stderr}`);
  return run.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Answer);
}

function optionsOf({ template, templates, context, env }: Case): RenderOptions {
  const { line_statement_prefix: statement, line_comment_prefix: comment } = env;
  return {
    name: "main",
    source: template,
    context: parseJsonContext(context),
    loader: memoryLoader(templates),
    undefined: (env["undefined"] ?? "default") as "default" | "strict" | "chainable",
    trimBlocks: env["trim_blocks"] === true,
    lstripBlocks: env["lstrip_blocks"] === true,
    keepTrailingNewline: env["keep_trailing_newline"] === true,
    autoescape: env["autoescape"] === true,
    extensions: (env["extensions"] ?? []) as readonly string[],
    ...(typeof statement === "string" ? { lineStatementPrefix: statement } : {}),
    ...(typeof comment === "string" ? { lineCommentPrefix: comment } : {}),
  };
}

export function ask(one: Case): Answer {
  try {
    return { text: renderTemplate(optionsOf(one)) };
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    return { type: error.type, message: error.message, line: error.statementLine ?? null };
  }
}

/** Python prints where in memory an object lies. */
function withoutAddresses(text: string): string {
  return text
    .replaceAll(/<[^<>]*? at 0x[0-9a-f]+>/g, "<object>")
    .replaceAll(/&lt;[^;]*? at 0x[0-9a-f]+&gt;/g, "<object>");
}

/** The same text, or the same type of error at the same line. */
export function agree(jinja2: Answer, ours: Answer): boolean {
  if ("text" in jinja2)
    return "text" in ours && withoutAddresses(jinja2.text) === withoutAddresses(ours.text);
  if ("text" in ours) return false;
  // Where Python runs out of memory or of a C integer, a limit of ours came first.
  const limited = ours.type === "LimitError" && /^(?:Overflow|Memory)Error$/.test(jinja2.type);
  return (jinja2.type === ours.type || limited) && (jinja2.line === null || jinja2.line === ours.line);
}
