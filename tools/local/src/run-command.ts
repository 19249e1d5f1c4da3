import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { PaiError } from "@pai/core";

export interface CommandOptions {
  readonly signal?: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called with each line of both outputs, as it comes. */
  readonly onLine?: (line: string) => void;
  /** In a session of its own: Ctrl-C on the terminal does not reach it. */
  readonly detached?: boolean;
  /** What a message calls it; else its first words. */
  readonly name?: string;
}

/** Runs a program to its end and returns what it printed on stdout; another exit code than 0 is an error. */
export async function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const [command = "", ...args] = argv;
  const { name = argv.slice(0, 4).join(" ") } = options;
  options.signal?.throwIfAborted();
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: options.env ?? process.env,
    detached: options.detached ?? false,
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const out: string[] = [];
  const tail: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    out.push(line);
    options.onLine?.(line);
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    tail.push(line);
    if (tail.length > 20) tail.shift();
    options.onLine?.(line);
  });
  const ended = await new Promise<string | undefined>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve(code === 0 ? undefined : signal ? `was ended by ${signal}` : `ended with exit code ${code}`),
    );
  });
  if (ended) {
    const lines = tail.length > 0 ? tail : out.slice(-20);
    const last = lines.findLast((line) => line.trim() !== "");
    throw new PaiError("LOCAL_STACK", `${name} ${ended}${last ? `: ${last.trim()}` : ""}`, {
      details: lines.map((line) => `  ${line}`),
    });
  }
  return out.join("\n");
}
