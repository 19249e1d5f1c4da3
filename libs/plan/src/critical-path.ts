export interface PathStep {
  readonly name: string;
  readonly ms: number;
}

interface Chain {
  readonly total: number;
  readonly path: readonly PathStep[];
}

/**
 * The chain of nodes, each needing the one before it, whose times add up to the most: what has to become
 * quicker for the whole to be so. Nodes without a time are left out.
 */
export function criticalPath(
  edges: ReadonlyMap<string, Iterable<string>>,
  times: ReadonlyMap<string, number>,
): readonly PathStep[] {
  const known = new Map<string, Chain>();
  const longestTo = (name: string): Chain => {
    const found = known.get(name);
    if (found) return found;
    const ms = times.get(name) ?? 0;
    const before = longest([...(edges.get(name) ?? [])].filter((need) => times.has(need)).map(longestTo));
    const chain = { total: Math.max(0, before.total) + ms, path: [...before.path, { name, ms }] };
    known.set(name, chain);
    return chain;
  };
  return longest([...times.keys()].map(longestTo)).path;
}

function longest(chains: readonly Chain[]): Chain {
  return chains.reduce((best, each) => (each.total > best.total ? each : best), { total: -1, path: [] });
}
