import { mapAtOnce } from "@pai/core";
import type { KubernetesObject, ObjectRef, Objects } from "./objects.ts";

const atOnce = 8;

/** Each reference with what is in the cluster, in the order given. */
export async function findAll<T extends ObjectRef>(
  objects: Objects,
  refs: readonly T[],
): Promise<{ readonly ref: T; readonly object: KubernetesObject | undefined }[]> {
  return mapAtOnce(refs, { limit: atOnce }, async (ref) => ({ ref, object: await objects.find(ref) }));
}

/** What of the references is in the cluster: a list per kind and namespace, however many they are. */
export async function findByLists(
  { list }: Pick<Objects, "list">,
  refs: readonly ObjectRef[],
): Promise<KubernetesObject[]> {
  const places = new Map(
    refs.map(({ apiVersion, kind, namespace }) => {
      const place = { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) };
      return [JSON.stringify(place), place];
    }),
  );
  const found = await mapAtOnce([...places.values()], { limit: atOnce }, async (place) => {
    const names = new Set(refs.filter((ref) => isIn(ref, place)).map(({ name }) => name));
    return (await list(place)).filter(({ metadata }) => names.has(metadata.name));
  });
  return found.flat();
}

function isIn(ref: ObjectRef, place: Omit<ObjectRef, "name">): boolean {
  const { apiVersion, kind, namespace } = place;
  return ref.apiVersion === apiVersion && ref.kind === kind && ref.namespace === namespace;
}
