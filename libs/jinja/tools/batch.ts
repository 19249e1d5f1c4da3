// Renders templates for a comparison with Jinja2: one JSON request a line on stdin, one JSON answer a line on stdout.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import {
  JinjaError,
  parseJsonContext,
  renderTemplate,
  type RenderOptions,
  rootedLoader,
} from "../src/index.ts";

interface Request {
  readonly id: unknown;
  readonly template_path: string;
  readonly context_path: string;
  readonly out_path: string;
  /** The folder that include, import and extends read from. */
  readonly root?: string | null;
  readonly env?: {
    readonly trim_blocks?: boolean;
    readonly lstrip_blocks?: boolean;
    readonly keep_trailing_newline?: boolean;
    readonly autoescape?: boolean;
    readonly undefined?: "default" | "strict" | "chainable";
    readonly extensions?: readonly string[];
    readonly line_statement_prefix?: string | null;
    readonly line_comment_prefix?: string | null;
  } | null;
}

type Answer =
  | { readonly id: unknown; readonly ok: true }
  | {
      readonly id: unknown;
      readonly ok: false;
      readonly type: string;
      readonly message: string;
      readonly line: number | null;
    };

/** `jinja2.ext.do` and `do` are the same extension. */
function extensionName(name: string): string {
  return name.replace(/^jinja2\.ext\./, "");
}

function optionsOf(request: Request): RenderOptions {
  const env = request.env ?? {};
  const statement = env.line_statement_prefix ?? undefined;
  const comment = env.line_comment_prefix ?? undefined;
  return {
    name: request.root
      ? path.relative(request.root, request.template_path)
      : path.basename(request.template_path),
    source: readFileSync(request.template_path, "utf8"),
    context: parseJsonContext(readFileSync(request.context_path, "utf8")),
    undefined: env.undefined ?? "default",
    trimBlocks: env.trim_blocks ?? false,
    lstripBlocks: env.lstrip_blocks ?? false,
    keepTrailingNewline: env.keep_trailing_newline ?? false,
    autoescape: env.autoescape ?? false,
    extensions: (env.extensions ?? []).map(extensionName),
    ...(statement === undefined ? {} : { lineStatementPrefix: statement }),
    ...(comment === undefined ? {} : { lineCommentPrefix: comment }),
    ...(request.root ? { loader: rootedLoader(request.root) } : {}),
  };
}

function answer(request: Request): Answer {
  const { id } = request;
  try {
    writeFileSync(request.out_path, renderTemplate(optionsOf(request)));
    return { id, ok: true };
  } catch (error) {
    if (error instanceof JinjaError)
      return { id, ok: false, type: error.type, message: error.message, line: error.statementLine ?? null };
    return {
      id,
      ok: false,
      type: "Error",
      message: error instanceof Error ? error.message : String(error),
      line: null,
    };
  }
}

for await (const line of createInterface({ input: process.stdin }))
  if (line.trim() !== "") process.stdout.write(`${JSON.stringify(answer(JSON.parse(line) as Request))}\n`);
