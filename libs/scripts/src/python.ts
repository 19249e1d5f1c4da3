import { PaiError } from "@pai/core";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { createLineSplitter } from "./lines.ts";
import { signalGroup } from "./run-script.ts";

export interface PythonOptions {
  readonly script: string;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

export interface PythonProcess {
  send(line: string): void;
  /** Lines of file descriptor 3. */
  readonly answers: AsyncIterator<string>;
  /** The newest lines of its standard output and error. */
  readonly lastLines: () => readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts python3 (or the one that `PAI_PYTHON` names) on a script that takes lines on its standard input and
 * answers on file descriptor 3. Resolves to undefined where there is none. Aborting `signal` ends it.
 */
export async function startPython({
  script,
  cwd,
  signal,
}: PythonOptions): Promise<PythonProcess | undefined> {
  signal.throwIfAborted();
  const program = process.env["PAI_PYTHON"] ?? "python3";
  const child = spawn(program, ["-B", script], {
    cwd,
    // UTF-8 whatever the locale says: the configuration files are. A fixed seed keeps the order of sets, and
    // with it what is rendered, the same from run to run.
    env: { ...process.env, PYTHONUTF8: "1", PYTHONHASHSEED: "0" },
    detached: true,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  try {
    await once(child, "spawn");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new PaiError("CONFIG_INVALID", `start ${program}, which runs the services' config/*.py`, { cause });
  }
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    const splitter = createLineSplitter((line) => {
      lines.push(line);
      if (lines.length > 20) lines.shift();
    });
    stream.on("data", splitter.write).on("end", splitter.end);
  }
  // The end of the answers tells that the process is gone; a broken pipe would only tell it again.
  child.stdin.on("error", () => {});
  const closed = once(child, "close");
  const stop = async (): Promise<void> => {
    signalGroup(child, "SIGKILL");
    await closed;
  };
  const onAbort = (): void => void stop();
  signal.addEventListener("abort", onAbort, { once: true });
  child.once("close", () => signal.removeEventListener("abort", onAbort));
  const input = child.stdio[3] as Readable;
  return {
    send: (line) => void child.stdin.write(`${line}\n`),
    answers: createInterface({ input, crlfDelay: Infinity })[Symbol.asyncIterator](),
    lastLines: () => lines,
    stop,
  };
}
