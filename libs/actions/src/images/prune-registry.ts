import { mapAtOnce } from "@pai/core";
import { sortPruned, type Kept, type PrunedImage } from "./pruned.ts";
import type { RegistryStore } from "../build/stores.ts";

/** One manifest with all the tags that name it. */
export interface PlannedManifest {
  readonly repository: string;
  readonly digest: string;
  readonly listed: PrunedImage;
}

const asksAtOnce = 8;

/** A registry's manifests of the images that only old content tags name. */
export async function planRegistry(
  store: RegistryStore,
  images: Iterable<string>,
  kept: Kept,
  signal: AbortSignal,
): Promise<PlannedManifest[]> {
  const planned: PlannedManifest[] = [];
  for (const image of images) {
    const { repository } = store.names(image);
    const manifests = await readManifests(store, repository, signal);
    for (const [digest, tags] of manifests)
      planned.push(...(await planManifest(store, kept, { image, repository, digest, tags })));
  }
  return sortPruned(planned, ({ listed }) => listed);
}

interface FoundManifest {
  readonly image: string;
  readonly repository: string;
  readonly digest: string;
  readonly tags: readonly string[];
}

async function planManifest(
  { names, registry }: RegistryStore,
  kept: Kept,
  { image, repository, digest, tags }: FoundManifest,
): Promise<PlannedManifest[]> {
  const { full } = names(image);
  const named = tags.map((tag) => `${full}:${tag}`);
  const isOld = (tag: string): boolean => /^c-[0-9a-f]{16}$/.test(tag) && tag !== kept.current.get(image);
  if (!tags.every(isOld) || kept.used([...named, `${full}@${digest}`])) return [];
  const config = await registry.readConfig({ repository, tag: digest });
  if (config?.labels["pai.owner"] !== "pai" || config.created === undefined) return [];
  if (config.created > kept.before) return [];
  const created = config.created.toISOString();
  const about = { image, names: named, place: registry.host, created };
  const listed: PrunedImage = { ...about, state: "planned" };
  return [{ repository, digest, listed }];
}

/** Stops asking once the registry says that nothing can be deleted. */
export async function removeFromRegistry(
  { registry }: RegistryStore,
  planned: readonly PlannedManifest[],
): Promise<PrunedImage[]> {
  const removed: PrunedImage[] = [];
  let isAllowed = true;
  for (const { repository, digest, listed } of planned) {
    isAllowed &&= (await registry.deleteManifest({ repository, digest })) !== "not allowed";
    removed.push({ ...listed, state: isAllowed ? "removed" : "not allowed" });
  }
  return removed;
}

/** Digest to the tags that name it. */
async function readManifests(
  { registry }: RegistryStore,
  repository: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const tags = await registry.listTags(repository);
  // A tag that cannot be read may name any manifest: nothing is removed then.
  const found = await mapAtOnce(tags, { limit: asksAtOnce, signal }, async (tag) => ({
    tag,
    digest: await registry.findDigest({ repository, tag }),
  }));
  const manifests = new Map<string, string[]>();
  for (const { tag, digest } of found)
    if (digest !== undefined) manifests.set(digest, [...(manifests.get(digest) ?? []), tag]);
  return manifests;
}
