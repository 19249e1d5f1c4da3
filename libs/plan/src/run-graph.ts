// Runs work over a graph by events, not by levels: a node starts as soon as its own needs are done. Knows
// nothing of services, engines and clusters.

export interface RunGraphOptions<T> {
  /** In order of preference where several could start. */
  readonly nodes: readonly string[];
  /** Per node, what must be done before it. Names that are not among the nodes count as done. */
  readonly edges: ReadonlyMap<string, Iterable<string>>;
  /** How many run at once. */
  readonly limit: number;
  /** Once aborted nothing more is started; what runs is waited for. */
  readonly signal: AbortSignal;
  readonly start: (node: string) => Promise<T>;
  /** Called when it is clear that a node will not run; `because` is the failed node. */
  readonly onSkip?: (node: string, because: string) => void;
}

export type NodeResult<T> =
  | { readonly state: "done"; readonly value: T }
  | { readonly state: "failed"; readonly error: unknown }
  /** Not started, because this node failed. */
  | { readonly state: "skipped"; readonly because: string }
  /** Not started, because the signal was aborted before. */
  | { readonly state: "cancelled" };

/** The nodes that were not started because this one failed. */
export function skippedBecauseOf(node: string, results: ReadonlyMap<string, NodeResult<unknown>>): string[] {
  return [...results].flatMap(([other, result]) =>
    result.state === "skipped" && result.because === node ? [other] : [],
  );
}

/** Results of all nodes, in the order of `nodes`. Rejects only when the graph has a cycle. */
export async function runGraph<T>(options: RunGraphOptions<T>): Promise<ReadonlyMap<string, NodeResult<T>>> {
  const { nodes, limit, signal, start, onSkip } = options;
  const { waitingFor, neededBy } = links(options);
  const results = new Map<string, NodeResult<T>>();
  const running = new Map<string, Promise<void>>();

  const skipAfter = (failed: string): void => {
    const reached = new Set([failed]);
    for (const name of reached) for (const next of neededBy.get(name) ?? []) reached.add(next);
    for (const node of nodes) {
      if (node === failed || !reached.has(node) || results.has(node)) continue;
      results.set(node, { state: "skipped", because: failed });
      onSkip?.(node, failed);
    }
  };
  const run = async (node: string): Promise<void> => {
    try {
      results.set(node, { state: "done", value: await start(node) });
      for (const next of neededBy.get(node) ?? []) waitingFor.get(next)?.delete(node);
    } catch (error) {
      results.set(node, { state: "failed", error });
      skipAfter(node);
    }
  };

  for (;;) {
    for (const node of nodes) {
      if (signal.aborted || running.size >= limit) break;
      if (results.has(node) || running.has(node) || waitingFor.get(node)?.size) continue;
      running.set(
        node,
        run(node).finally(() => running.delete(node)),
      );
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  const left = nodes.filter((node) => !results.has(node));
  if (left.length > 0 && !signal.aborted) throw new Error(`these wait for each other: ${left.join(", ")}`);
  return new Map(nodes.map((node) => [node, results.get(node) ?? { state: "cancelled" }]));
}

function links({ nodes, edges }: Pick<RunGraphOptions<unknown>, "nodes" | "edges">): {
  readonly waitingFor: ReadonlyMap<string, Set<string>>;
  readonly neededBy: ReadonlyMap<string, readonly string[]>;
} {
  const known = new Set(nodes);
  const waitingFor = new Map(
    nodes.map((node) => [node, new Set([...(edges.get(node) ?? [])].filter((need) => known.has(need)))]),
  );
  const neededBy = new Map<string, string[]>(nodes.map((node) => [node, []]));
  for (const [node, needs] of waitingFor) for (const need of needs) neededBy.get(need)?.push(node);
  return { waitingFor, neededBy };
}
