import type { Report } from "@pai/core";
import type { Argv, InferredOptionTypes, Options } from "yargs";

/** What a running command gets from the shell around it. */
export interface CommandContext {
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Progress: goes to the chosen view on stderr (or as JSON lines to stdout with `--output json`). */
  readonly report: Report;
  readonly output: OutputFormat;
  /** The command's result, on stdout. */
  readonly print: (text: string) => void;
  /** Asks on the terminal; throws USAGE, naming `flag` as the way for scripts, where there is no terminal. */
  readonly confirm: (question: string, flag: string) => Promise<boolean>;
  /** The same for a line of text. */
  readonly ask: (question: string, flag: string) => Promise<string>;
}

export type OutputFormat = "plain" | "json";
export type ProgressStyle = "auto" | "plain" | "tty" | "json";

/** Options that the shell adds to every command. */
export interface ShellOptions {
  readonly output: OutputFormat;
  readonly progress: ProgressStyle;
  readonly verbose: boolean;
}

export interface CommandDefinition<O extends Record<string, Options>> {
  /** Name with positionals, as yargs reads it: `build` or `show <name>`. */
  readonly command: string;
  readonly describe: string;
  readonly options: O;
  /** Pairs of a whole command line and what it does. */
  readonly examples?: readonly (readonly [string, string])[];
  /** May return an exit code other than 0. */
  run(options: InferredOptionTypes<O>, context: CommandContext): Promise<number | void>;
}

export type Start = (
  options: ShellOptions,
  run: (context: CommandContext) => Promise<number | void>,
) => Promise<void>;

/** A command or a group of commands that can be added to a yargs parser. */
export interface CliCommand {
  register(cli: Argv, start: Start): Argv;
}

export function command<O extends Record<string, Options>>(definition: CommandDefinition<O>): CliCommand {
  return {
    register: (cli, start) =>
      cli.command(
        definition.command,
        definition.describe,
        (yargs) =>
          withExamples(
            yargs.options(definition.options).requiresArg(listOptions(definition.options)),
            definition.examples ?? [],
          ),
        (options) =>
          start(options as unknown as ShellOptions, (context) =>
            definition.run(options as InferredOptionTypes<O>, context),
          ),
      ),
  };
}

/** A word that only leads to its commands, such as `paictl service`. */
export function commandGroup(group: {
  readonly command: string;
  readonly describe: string;
  readonly commands: readonly CliCommand[];
}): CliCommand {
  return {
    register: (cli, start) =>
      cli.command(group.command, group.describe, (yargs) =>
        group.commands
          .reduce((inner, each) => each.register(inner, start), yargs)
          .demandCommand(1, 1, `say what to do with ${group.command}`)
          .strict(),
      ),
  };
}

/** An empty list, such as `-n $(cat names)` of an empty file, must not be taken for an option that is absent. */
function listOptions(options: Record<string, Options>): string[] {
  return Object.keys(options).filter((name) => options[name]?.array);
}

function withExamples<T>(cli: Argv<T>, examples: readonly (readonly [string, string])[]): Argv<T> {
  return examples.reduce((inner, [line, text]) => inner.example(line, text), cli);
}
