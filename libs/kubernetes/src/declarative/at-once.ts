/** Requests at the same time: more only makes the API server busier. */
const atOnce = 16;

/** Works on all items, some at a time, and returns the results in their order. Every failure is collected. */
export async function eachAtOnce<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<{ readonly results: R[]; readonly errors: Error[] }> {
  const outcomes: ({ readonly result: R } | { readonly error: Error } | undefined)[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      try {
        outcomes[index] = { result: await work(items[index] as T) };
      } catch (error) {
        outcomes[index] = { error: error instanceof Error ? error : new Error(String(error)) };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return {
    results: outcomes.flatMap((outcome) => (outcome && "result" in outcome ? [outcome.result] : [])),
    errors: outcomes.flatMap((outcome) => (outcome && "error" in outcome ? [outcome.error] : [])),
  };
}
