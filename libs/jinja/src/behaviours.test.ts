import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { JinjaError, memoryLoader, parseJsonContext, renderTemplate } from "./index.ts";
import type { UndefinedMode } from "./values/types.ts";

/** What the language does, one small template each; the answers are Jinja2 3.1's own. */
interface Behaviours {
  readonly context: string;
  readonly templates: Readonly<Record<string, string>>;
  readonly cases: readonly Behaviour[];
}

interface Behaviour {
  readonly group: string;
  readonly template: string;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly text?: string;
  readonly type?: string;
  readonly line?: number | null;
}

const file = new URL("fixtures/behaviours.json", import.meta.url);
const behaviours = JSON.parse(readFileSync(file, "utf8")) as Behaviours;
const loader = memoryLoader(behaviours.templates);

function outcome({ template, env = {}, line }: Behaviour): unknown {
  const statement = env["line_statement_prefix"];
  const comment = env["line_comment_prefix"];
  try {
    const text = renderTemplate({
      name: "main",
      source: template,
      context: parseJsonContext(behaviours.context),
      loader,
      undefined: (env["undefined"] ?? "default") as UndefinedMode,
      trimBlocks: env["trim_blocks"] === true,
      lstripBlocks: env["lstrip_blocks"] === true,
      keepTrailingNewline: env["keep_trailing_newline"] === true,
      autoescape: env["autoescape"] === true,
      extensions: (env["extensions"] ?? []) as readonly string[],
      ...(typeof statement === "string" ? { lineStatementPrefix: statement } : {}),
      ...(typeof comment === "string" ? { lineCommentPrefix: comment } : {}),
    });
    return { text };
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    // Python names no line of the template for errors of its own compiler.
    return { type: error.type, line: line === null ? null : error.statementLine };
  }
}

const named = behaviours.cases.map((one) => {
  const env = one.env ? ` ${JSON.stringify(one.env)}` : "";
  return [`${one.group}: ${JSON.stringify(one.template).slice(0, 120)}${env}`, one] as const;
});

test.each(named)("%s", (_name, one) => {
  const expected = one.text === undefined ? { type: one.type, line: one.line } : { text: one.text };
  expect(outcome(one)).toEqual(expected);
});
