// The shell around every command line of pai: options common to all, Ctrl-C, views, errors, exit codes.
// What the commands do is in @pai/actions.
import { exitCodeOf, PaiError } from "@pai/core";
import yargs, { type Argv } from "yargs";
import type { CliCommand, OutputFormat, ProgressStyle, Start } from "./command.ts";
import { completeNames, type NameCompletion } from "./completion.ts";
import { ask, confirm } from "./confirm.ts";
import { abortOnSignals } from "./signals.ts";
import { openView } from "./views/open-view.ts";
import type { View } from "./views/view.ts";
import { printError } from "./print-error.ts";

export interface CliOptions {
  readonly name: string;
  readonly version: string;
  readonly describe: string;
  readonly commands: readonly CliCommand[];
  readonly examples?: readonly (readonly [string, string])[];
  readonly complete?: NameCompletion;
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
  complete,
  argv,
}: CliOptions): Promise<void> {
  // Whoever reads the result may have seen enough of it, as `head` does.
  process.stdout.on("error", () => undefined);
  const names = await completeNames(argv, complete);
  if (names) return void process.stdout.write(names.map((name) => `${name}\n`).join(""));
  const start: Start = async (options, run) => {
    const { output } = options;
    const { signal, dispose } = abortOnSignals();
    const print = (text: string): void => void process.stdout.write(`${text}\n`);
    let view: View | undefined;
    try {
      view = await openView(options);
      process.exitCode = (await run({ signal, report: view.report, output, print, confirm, ask })) ?? 0;
      view.end();
    } catch (error) {
      view?.end();
      fail(signal.aborted ? interruption(name, error) : error, output);
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
    .option("progress", {
      choices: ["auto", "plain", "tty", "json"] as const,
      default: "auto" as ProgressStyle,
      describe: "how a run is shown on stderr: live on a terminal, as lines, or as JSON lines",
      global: true,
    })
    .option("verbose", {
      type: "boolean",
      default: false,
      describe: "with lines: also what build steps print",
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
      // yargs has an error of its own for an option without its value, and none for other misuse.
      const isUsage = error === undefined || error.name === "YError";
      throw isUsage ? new PaiError("USAGE", message, { hint: `${name} --help` }) : error;
    });
  const withExamples = examples.reduce((inner, [line, text]) => inner.example(line, text), cli);
  try {
    await commands
      .reduce<Argv>((inner, each) => each.register(inner, start), withExamples as Argv)
      .completion("completion", "print a script for bash, zsh or fish ($SHELL) that completes words on Tab")
      .parseAsync();
  } catch (error) {
    fail(error, argv.includes("json") ? "json" : "plain");
  }
}

/** What was done until then, if the command tells; that its waits were aborted says nothing. */
function interruption(name: string, error: unknown): PaiError {
  if (error instanceof PaiError && error.code === "INTERRUPTED") return error;
  const cause = error instanceof Error && error.name === "AbortError" ? undefined : error;
  return new PaiError("INTERRUPTED", `${name}: interrupted`, { cause });
}

function fail(error: unknown, output: OutputFormat): void {
  process.exitCode = exitCodeOf(error);
  printError(error, output);
}
