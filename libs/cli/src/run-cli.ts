// The shell around every command line of pai: options common to all, Ctrl-C, views, errors, exit codes.
// What the commands do is in @pai/actions.
import { exitCodeOf, formatError, PaiError } from "@pai/core";
import yargs, { type Argv } from "yargs";
import type { CliCommand, OutputFormat, Start } from "./command.ts";
import { ask, confirm } from "./confirm.ts";
import { abortOnSignals } from "./signals.ts";
import { jsonView } from "./views/json.ts";
import { plainView } from "./views/plain.ts";

export interface CliOptions {
  readonly name: string;
  readonly version: string;
  readonly describe: string;
  readonly commands: readonly CliCommand[];
  readonly examples?: readonly (readonly [string, string])[];
  /** Arguments without node and script. */
  readonly argv: readonly string[];
}

/** Runs one command line and sets `process.exitCode`. Never throws. */
export async function runCli({
  name,
  version,
  describe,
  commands,
  examples = [],
  argv,
}: CliOptions): Promise<void> {
  const start: Start = async (output, run) => {
    const { signal, dispose } = abortOnSignals();
    try {
      const print = (text: string): void => void process.stdout.write(`${text}\n`);
      process.exitCode = (await run({ signal, report: viewOf(output), output, print, confirm, ask })) ?? 0;
    } catch (error) {
      fail(
        signal.aborted ? new PaiError("INTERRUPTED", `${name}: interrupted`, { cause: error }) : error,
        output,
      );
    } finally {
      dispose();
    }
  };
  const cli = yargs([...argv])
    .scriptName(name)
    .usage(`${describe}\n\nUsage: $0 <command> [options]`)
    .version(version)
    .option("output", {
      choices: ["plain", "json"] as const,
      default: "plain" as OutputFormat,
      describe: "lines for people, or one JSON object a line",
      global: true,
    })
    .help()
    .alias("help", "h")
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .demandCommand(1, "say what to do")
    .strict()
    .recommendCommands()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new PaiError("USAGE", message, { hint: `${name} --help` });
    });
  const withExamples = examples.reduce((inner, [line, text]) => inner.example(line, text), cli);
  try {
    await commands
      .reduce<Argv>((inner, each) => each.register(inner, start), withExamples as Argv)
      .parseAsync();
  } catch (error) {
    fail(error, argv.includes("json") ? "json" : "plain");
  }
}

function viewOf(output: OutputFormat): (event: Parameters<typeof jsonView>[0]) => void {
  return output === "json" ? jsonView : plainView;
}

function fail(error: unknown, output: OutputFormat): void {
  process.exitCode = exitCodeOf(error);
  // Something that is not a PaiError is a fault of ours: the stack is what a report of it needs.
  const text =
    error instanceof PaiError || error instanceof AggregateError ? formatError(error) : stackOf(error);
  process.stderr.write(`${text}\n`);
  if (output !== "json") return;
  const errors = (error instanceof AggregateError ? error.errors : [error]) as unknown[];
  for (const each of errors) {
    const { code, message, hint, location } =
      each instanceof PaiError
        ? each
        : { code: "INTERNAL", message: String(each), hint: undefined, location: undefined };
    process.stdout.write(`${JSON.stringify({ type: "error", code, message, hint, location })}\n`);
  }
}

function stackOf(error: unknown): string {
  return `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
