import type { KubernetesObject, ObjectRef, Objects } from "./objects.ts";

const atOnce = 8;

/** Each reference with what is in the cluster, in the order given. */
export async function findAll<T extends ObjectRef>(
  objects: Objects,
  refs: readonly T[],
): Promise<{ readonly ref: T; readonly object: KubernetesObject | undefined }[]> {
  const found: { readonly ref: T; readonly object: KubernetesObject | undefined }[] = [];
  for (let start = 0; start < refs.length; start += atOnce) {
    const part = refs.slice(start, start + atOnce);
    found.push(...(await Promise.all(part.map(async (ref) => ({ ref, object: await objects.find(ref) })))));
  }
  return found;
}
