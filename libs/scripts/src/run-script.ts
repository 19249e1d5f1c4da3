import { PaiError } from "@pai/core";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createLineSplitter } from "./lines.ts";
import { tiedToTool } from "./tied.ts";

export interface ScriptOptions {
  /** Path of the script, relative to `cwd` or absolute. */
  readonly file: string;
  readonly args?: readonly string[];
  readonly cwd: string;
  /** The whole environment; nothing is inherited beside it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs?: number;
}

/**
 * Runs `/bin/bash FILE` in a process group of its own and returns the exit code (128 + n for a signal).
 * When it ends, fails or is aborted, no process of the group is left; only one that called setsid escapes.
 * The group ends with this process, too, even where that is killed.
 * Rejects with the signal's reason when aborted, with SCRIPT_FAILED on the timeout.
 */
export async function runScript(options: ScriptOptions): Promise<{ readonly code: number }> {
  const { file, args = [], cwd, env, onLine, signal, timeoutMs, graceMs = 3000 } = options;
  signal.throwIfAborted();
  const child = spawn("/bin/bash", tiedToTool([file, ...args]), {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const [, stdout, stderr, tie] = child.stdio as unknown as [null, Readable, Readable, Socket];
  for (const [name, stream] of Object.entries({ stdout, stderr })) {
    const lines = createLineSplitter((line) => onLine(line, name as "stdout" | "stderr"));
    stream.on("data", lines.write).on("end", lines.end);
  }
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any([signal, ...(timeout ? [timeout] : [])]);
  // Not the child's "close", which waits for the watcher's pipe as well.
  const ended = Promise.all([once(child, "exit"), once(stdout, "close"), once(stderr, "close")]).then(
    ([exit]) => exit as [number | null, NodeJS.Signals | null],
  );
  // A background child of the script may hold the pipes open; it gets a moment to flush, not a life.
  child.once(
    "exit",
    () =>
      void Promise.race([ended, sleep(500, undefined, { ref: false })]).then(() => {
        signalGroup(child, "SIGKILL");
        tie.destroy();
      }),
  );
  const [code, killedBy] = await endOnAbort(child, stop, graceMs, ended);
  signal.throwIfAborted();
  if (timeout?.aborted) {
    throw new PaiError(
      "SCRIPT_FAILED",
      `${file} did not end within ${Math.round((timeoutMs ?? 0) / 1000)} s`,
    );
  }
  return { code: code ?? 128 + (killedBy === null ? 0 : constants.signals[killedBy]) };
}

async function endOnAbort<T>(
  child: ChildProcess,
  stop: AbortSignal,
  graceMs: number,
  ended: Promise<T>,
): Promise<T> {
  if (!stop.aborted) await Promise.race([once(stop, "abort"), ended]);
  if (stop.aborted) {
    signalGroup(child, "SIGTERM");
    await Promise.race([ended, sleep(graceMs, undefined, { ref: false })]);
    signalGroup(child, "SIGKILL");
  }
  return ended;
}

export function signalGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    // The group is gone: that is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
