export { command, commandGroup, type CliCommand, type CommandContext, type OutputFormat } from "./command.ts";
export { runCli } from "./run-cli.ts";
export { abortOnSignals } from "./signals.ts";
