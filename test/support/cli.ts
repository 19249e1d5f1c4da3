import { spawn } from "node:child_process";

export interface CommandResult {
  /** Exit code, or 128 and more when a signal ended it, as a shell has it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the command with SIGTERM. */
  readonly signal?: AbortSignal;
  readonly input?: string;
}

const signalNumbers: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** Runs a command to its end. Rejects only when it cannot be started. */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env = process.env, signal, input = "" }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: "pipe" });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    child.stdin.on("error", () => {}).end(input);
    const stop = (): boolean => child.kill("SIGTERM");
    signal?.addEventListener("abort", stop, { once: true });
    child.on("error", reject);
    child.on("close", (code, endedBy) => {
      signal?.removeEventListener("abort", stop);
      resolve({ ...output, code: code ?? 128 + (signalNumbers[endedBy ?? ""] ?? 0) });
    });
  });
}
