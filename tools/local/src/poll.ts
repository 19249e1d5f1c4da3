import { setTimeout as sleep } from "node:timers/promises";

/** Asks until there is an answer; throws what `check` throws, or the reason of the signal. */
export async function poll<T>(
  check: () => Promise<T | undefined>,
  options: { intervalMs: number; signal: AbortSignal },
): Promise<T> {
  for (;;) {
    options.signal.throwIfAborted();
    const value = await check();
    if (value !== undefined) return value;
    try {
      await sleep(options.intervalMs, undefined, { signal: options.signal });
    } catch {
      throw options.signal.reason;
    }
  }
}
