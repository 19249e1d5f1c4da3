import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Settings } from "./settings.ts";

/**
 * Runs `work` while no other process does anything to the local stack. The lock belongs to a `flock` that
 * ends when our end of its pipe closes, so that it is free again however we end.
 */
export async function withLock<T>(
  settings: Settings,
  options: { signal: AbortSignal; onWait: () => void },
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(settings.runtime, { recursive: true });
  const holder = spawn("flock", [path.join(settings.runtime, "lock"), "sh", "-c", "echo held && exec cat"], {
    stdio: ["pipe", "pipe", "ignore"],
    // Ctrl-C must not free the lock before the work has ended.
    detached: true,
  });
  const notice = setTimeout(options.onWait, 500);
  const cancel = (): void => void holder.stdin.end();
  options.signal.addEventListener("abort", cancel, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once("data", () => resolve());
      holder.once("error", reject);
      options.signal.addEventListener("abort", () => reject(options.signal.reason as Error), { once: true });
    });
    options.signal.removeEventListener("abort", cancel);
    clearTimeout(notice);
    return await work();
  } finally {
    clearTimeout(notice);
    holder.stdin.end();
    holder.unref();
  }
}
