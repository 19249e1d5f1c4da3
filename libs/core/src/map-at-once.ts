export interface AtOnceOptions {
  readonly limit: number;
  /** Once aborted nothing more is started, and its reason is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Works on all items, at most `limit` of them at a time. Returns the results in the items' order. After a
 * failure nothing more is started; what runs is waited for, and the failure of the first of the items is thrown.
 */
export async function mapAtOnce<T, R>(
  items: readonly T[],
  { limit, signal }: AtOnceOptions,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures = new Map<number, unknown>();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && failures.size === 0 && signal?.aborted !== true) {
      const index = next++;
      try {
        results[index] = await work(items[index] as T);
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  signal?.throwIfAborted();
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
  return results;
}
