// Removes images of this tree that newer ones have taken the place of, from engines and from the registry.
import { pruneBuildCache } from "@pai/docker";
import { readClusterImages, type ClusterChoice } from "./cluster-images.ts";
import type { Kept, PrunedImage } from "./pruned.ts";
import { planEngine, removeFromEngine } from "./prune-engine.ts";
import { planRegistry, removeFromRegistry } from "./prune-registry.ts";
import type { RegistryStore } from "../build/stores.ts";
import { openLook, type Look, type LookOptions } from "../build/look.ts";

export interface PruneOptions extends Omit<LookOptions, "services" | "images"> {
  /** Younger ones stay. */
  readonly olderThanMs: number;
  /** The registry's as well. */
  readonly registry: boolean;
  /** What this cluster uses stays; no cluster is asked when absent. */
  readonly cluster?: ClusterChoice;
  /** The engines' build cache is made no larger than that; it is left alone when absent. */
  readonly buildCacheBytes?: number | undefined;
  /** Otherwise it is only said what would be removed. */
  readonly apply: boolean;
}

export interface PruneResult {
  readonly images: readonly PrunedImage[];
  /** Bytes that the build caches gave back. */
  readonly cacheFreed: number;
}

export async function pruneImages(options: PruneOptions): Promise<PruneResult> {
  const { apply, cluster, report, signal } = options;
  const look = await openLook(options);
  const used = cluster
    ? await readClusterImages(look, "used", { cluster, report, signal })
    : new Set<string>();
  const kept: Kept = {
    current: await currentTags(look),
    used: createUse(used),
    before: new Date(Date.now() - options.olderThanMs),
  };
  const images: PrunedImage[] = [];
  let cacheFreed = 0;
  for (const engine of await look.stores.engines.all()) {
    const planned = await planEngine(engine, look, kept, signal);
    images.push(...(apply ? await removeFromEngine(engine, planned, signal) : planned));
    if (apply && options.buildCacheBytes !== undefined)
      cacheFreed += await pruneBuildCache(engine, { keepBytes: options.buildCacheBytes, signal });
  }
  for (const store of options.registry ? registriesOf(look) : []) {
    const planned = await planRegistry(store, look.tree.images.keys(), kept, signal);
    images.push(...(apply ? await removeFromRegistry(store, planned) : planned.map(({ listed }) => listed)));
  }
  return { images, cacheFreed };
}

function registriesOf({ tree, stores }: Look): RegistryStore[] {
  return [stores, ...tree.cluster.registry.mirrors.map(stores.open)];
}

async function currentTags({ tree, identify }: Look): Promise<ReadonlyMap<string, string>> {
  const entries = tree.selected.map(async (name) => [name, (await identify(name)).tag] as const);
  return new Map(await Promise.all(entries));
}

/** By any name: a reference, a digest, or an id, which nodes write with or without `docker-pullable://`. */
function createUse(used: ReadonlySet<string>): Kept["used"] {
  const hashes = new Set([...used].flatMap((name) => /sha256:[0-9a-f]{64}/.exec(name) ?? []));
  return (names) =>
    names.some((name) => used.has(name) || hashes.has(/sha256:[0-9a-f]{64}/.exec(name)?.[0] ?? ""));
}
