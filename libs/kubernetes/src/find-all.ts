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
