import { styleText } from "node:util";
import { formatError, PaiError } from "@pai/core";
import type { OutputFormat } from "./command.ts";
import { ciOf } from "./views/ci/ci.ts";

/** For people on stderr; with `--output json` also as objects on stdout; on GitHub also beside the code. */
export function printError(error: unknown, output: OutputFormat): void {
  // Something that is not a PaiError is a fault of ours: the stack is what a report of it needs.
  const text =
    error instanceof PaiError || error instanceof AggregateError ? formatError(error) : stackOf(error);
  process.stderr.write(`${process.stderr.isTTY ? colourCodes(text) : text}\n`);
  const { annotate } = ciOf(process.env) ?? {};
  for (const each of (error instanceof AggregateError ? error.errors : [error]) as unknown[]) {
    if (output === "json") process.stdout.write(`${JSON.stringify(eventOf(each))}\n`);
    else if (annotate && each instanceof PaiError && each.location) {
      const { message, code: title, location } = each;
      process.stderr.write(`${annotate("error", { message, title, location })}\n`);
    }
  }
}

function eventOf(error: unknown): object {
  if (!(error instanceof PaiError)) return { type: "error", code: "INTERNAL", message: String(error) };
  const { code, message, details, hint, location } = error;
  return { type: "error", code, message, details, hint, location };
}

function colourCodes(text: string): string {
  return text.replaceAll(/^error\[\w+\]:/gm, (code) => styleText("red", code, { stream: process.stderr }));
}

function stackOf(error: unknown): string {
  return `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
