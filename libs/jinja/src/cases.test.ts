import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { JinjaError, memoryLoader, parseJsonContext, renderTemplate, type RenderOptions } from "./index.ts";
import type { UndefinedMode } from "./values/types.ts";

/** A template and what Jinja2 3.1 gives for it: its text, or its error and the line of that. */
interface Case {
  readonly group: string;
  readonly name: string;
  readonly template: string;
  readonly context_json: string;
  readonly templates?: Readonly<Record<string, string>>;
  readonly env?: {
    readonly undefined?: UndefinedMode;
    readonly autoescape?: boolean;
    readonly keep_trailing_newline?: boolean;
    readonly lstrip_blocks?: boolean;
    readonly trim_blocks?: boolean;
    readonly line_statement_prefix?: string;
    readonly line_comment_prefix?: string;
    readonly extensions?: readonly string[];
  };
  readonly expected: string | null;
  readonly error?: string;
  readonly error_line?: number;
}

const cases = JSON.parse(
  readFileSync(new URL("fixtures/jinja-cases.json", import.meta.url), "utf8"),
) as Case[];

function optionsOf({ template, context_json, templates, env = {} }: Case): RenderOptions {
  return {
    name: "main",
    source: template,
    context: parseJsonContext(context_json),
    undefined: env.undefined ?? "default",
    autoescape: env.autoescape ?? false,
    keepTrailingNewline: env.keep_trailing_newline ?? false,
    lstripBlocks: env.lstrip_blocks ?? false,
    trimBlocks: env.trim_blocks ?? false,
    extensions: env.extensions ?? [],
    ...(env.line_statement_prefix === undefined ? {} : { lineStatementPrefix: env.line_statement_prefix }),
    ...(env.line_comment_prefix === undefined ? {} : { lineCommentPrefix: env.line_comment_prefix }),
    ...(templates ? { loader: memoryLoader(templates) } : {}),
  };
}

function outcome(one: Case): unknown {
  try {
    return { text: renderTemplate(optionsOf(one)) };
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    return { error: `${error.type}: ${error.message}`, line: error.statementLine };
  }
}

test.each(cases.map((one) => [`${one.group}: ${one.name}`, one] as const))("%s", (_name, one) => {
  const expected =
    one.expected === null ? { error: one.error, line: one.error_line } : { text: one.expected };
  expect(outcome(one)).toEqual(expected);
});
