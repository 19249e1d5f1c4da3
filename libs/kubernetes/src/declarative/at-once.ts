import { mapAtOnce } from "@pai/core";

/** Requests at the same time: more only makes the API server busier. */
const limit = 16;

/** Works on all items, some at a time, and returns the results in their order. Every failure is collected. */
export async function eachAtOnce<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<{ readonly results: R[]; readonly errors: Error[] }> {
  const errors = new Map<T, Error>();
  const results = await mapAtOnce(items, { limit }, async (item) => {
    try {
      return [await work(item)];
    } catch (error) {
      errors.set(item, error instanceof Error ? error : new Error(String(error)));
      return [];
    }
  });
  return { results: results.flat(1) as R[], errors: items.flatMap((item) => errors.get(item) ?? []) };
}
