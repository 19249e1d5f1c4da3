import { setImmediate } from "node:timers/promises";

/**
 * Begins the work on each image, and does not wait for any: what it asks of a registry goes out while the next
 * image is read, which nothing else would interrupt. Who fails is told when its promise is awaited.
 */
export async function beginEach<T>(
  names: readonly string[],
  begin: (name: string) => Promise<T>,
): Promise<ReadonlyMap<string, Promise<T>>> {
  const begun = new Map<string, Promise<T>>();
  for (const name of names) {
    const work = begin(name);
    work.catch(() => undefined);
    begun.set(name, work);
    await setImmediate();
  }
  return begun;
}
