import { listLocalImages, removeLocalImage, type Engine, type LocalImage } from "@pai/docker";
import type { Look } from "../build/look.ts";
import { sortPruned, type Kept, type PrunedImage } from "./pruned.ts";

/** The engine's images of this tree that have no other name than their content tag, and are not needed. */
export async function planEngine(
  engine: Engine,
  { tree, stores }: Look,
  kept: Kept,
  signal: AbortSignal,
): Promise<PrunedImage[]> {
  const all = await listLocalImages(engine, { label: "pai.owner=pai", signal });
  const planned = all.flatMap((image): PrunedImage[] => {
    const { "pai.image": name = "", "pai.content": content = "" } = image.labels;
    // Other trees have images in the same engine: by their names, or of the same name where they have none.
    const own = `${stores.names(name).full}:${content}`;
    if (!isOurs(image, own, tree.images.has(name))) return [];
    if (kept.current.get(name) === content || image.created > kept.before) return [];
    if (kept.used([image.id, own, ...image.digests])) return [];
    const { created, size } = image;
    const names = image.tags.length > 0 ? image.tags : [image.id];
    const about = { image: name, names, place: engine.address, created: created.toISOString(), size };
    return [{ ...about, state: "planned" }];
  });
  return sortPruned(planned, (image) => image);
}

export async function removeFromEngine(
  engine: Engine,
  planned: readonly PrunedImage[],
  signal: AbortSignal,
): Promise<PrunedImage[]> {
  const removed: PrunedImage[] = [];
  for (const image of planned) {
    const answers = new Set<string>();
    for (const name of image.names) answers.add(await removeLocalImage(engine, { image: name, signal }));
    removed.push({ ...image, state: answers.has("in use") ? "in use" : "removed" });
  }
  return removed;
}

/** A release tag, or the bare name, is with the image that was built last. */
function isOurs({ tags }: LocalImage, own: string, isKnown: boolean): boolean {
  return tags.length === 0 ? isKnown : tags.every((tag) => tag === own);
}
