export { command, commandGroup, type CliCommand, type CommandContext, type OutputFormat } from "./command.ts";
export type { NameCompletion } from "./completion.ts";
export { runCli } from "./run-cli.ts";
export { abortOnSignals } from "./signals.ts";
