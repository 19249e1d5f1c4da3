import { mapAtOnce, PaiError } from "@pai/core";
import type { KubernetesObject, ObjectRef, Objects } from "./objects.ts";
import { hasReadiness, runsPods } from "./readiness/readiness.ts";
import { collectionOf } from "./wait/snapshot.ts";

const atOnce = 8;

type Found<T> = { readonly ref: T; readonly object: KubernetesObject | undefined };

/** Each reference with the whole object that is in the cluster, in the order given: a read for each. */
export async function findWhole<T extends ObjectRef>(
  { find }: Pick<Objects, "find">,
  refs: readonly T[],
): Promise<Found<T>[]> {
  return mapAtOnce(refs, { limit: atOnce }, async (ref) => ({ ref, object: await find(ref) }));
}

/**
 * The same by a list per kind and namespace, where at least `listFrom` objects of it are looked for. Of what
 * neither runs pods nor becomes ready, only the metadata is there for sure.
 */
export async function findAll<T extends ObjectRef>(
  objects: Pick<Objects, "find" | "list" | "listMetadata">,
  refs: readonly T[],
  { listFrom = 2 }: { readonly listFrom?: number } = {},
): Promise<Found<T>[]> {
  const places = [...Map.groupBy(refs, placeKey)].filter(([, inPlace]) => inPlace.length >= listFrom);
  const lists = new Map(
    await mapAtOnce(
      places,
      { limit: atOnce },
      async ([key, [ref]]) => [key, ref && (await listByName(objects, ref))] as const,
    ),
  );
  return mapAtOnce(refs, { limit: atOnce }, async (ref) => {
    const list = lists.get(placeKey(ref));
    return { ref, object: list ? list.get(ref.name) : await objects.find(ref) };
  });
}

/** All that is where the reference is, by name; undefined when that cannot be listed. */
async function listByName(
  { list, listMetadata }: Pick<Objects, "list" | "listMetadata">,
  ref: ObjectRef,
): Promise<ReadonlyMap<string, KubernetesObject> | undefined> {
  try {
    const found = await (hasReadiness(ref) || runsPods(ref) ? list : listMetadata)(collectionOf(ref));
    return new Map(found.map((object) => [object.metadata.name, object]));
  } catch (error) {
    // Some may read what they may not list, and of a kind that is gone a list is refused where a read finds none.
    if (error instanceof PaiError && error.code !== "CLUSTER_UNREACHABLE") return undefined;
    throw error;
  }
}

function placeKey(ref: ObjectRef): string {
  return JSON.stringify(collectionOf(ref));
}
