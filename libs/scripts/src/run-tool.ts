import { PaiError } from "@pai/core";
import { spawn } from "node:child_process";
import { once } from "node:events";

export interface ToolOptions {
  /** Found on PATH. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, without a shell and without input. Throws SCRIPT_FAILED when it is not there. */
export async function runTool(options: ToolOptions): Promise<ToolResult> {
  const { file, args, cwd, env = process.env, signal } = options;
  signal.throwIfAborted();
  const child = spawn(file, [...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"], signal });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return { ...output, code: code ?? 1 };
  } catch (cause) {
    signal.throwIfAborted();
    throw new PaiError("SCRIPT_FAILED", `run ${file}`, { cause, hint: `${file} has to be installed` });
  }
}
