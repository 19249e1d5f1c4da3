// Deletes what carries a set's label and was not applied any more. By uid, as names come back.
import { joinErrors } from "@pai/core";
import type { KubernetesObject, Objects } from "../objects.ts";
import { eachAtOnce } from "./at-once.ts";
import { marks } from "./marks.ts";
import { isProtected, stagesOf } from "./stages.ts";

export interface Leftovers {
  /** To be deleted. */
  readonly prunable: readonly KubernetesObject[];
  /** No longer in the manifests, but they hold data or ask to be kept. */
  readonly kept: readonly KubernetesObject[];
}

/** Members that are none of the applied ones. What a controller made for another object goes with that one. */
export function findLeftovers(
  members: readonly KubernetesObject[],
  applied: readonly KubernetesObject[],
): Leftovers {
  const uids = new Set(applied.map(({ metadata }) => metadata.uid));
  const left = members.filter(
    ({ metadata }) =>
      !uids.has(metadata.uid) &&
      metadata.deletionTimestamp === undefined &&
      (metadata.ownerReferences ?? []).length === 0,
  );
  return { prunable: left.filter((each) => !isKept(each)), kept: left.filter(isKept) };
}

function isKept(object: KubernetesObject): boolean {
  return isProtected(object) || object.metadata.annotations?.[marks.keep] === "true";
}

/** Against the order of applying. */
export async function prune(objects: Objects, leftovers: readonly KubernetesObject[]): Promise<void> {
  for (const stage of stagesOf(leftovers).toReversed()) {
    const { errors } = await eachAtOnce(stage, ({ apiVersion, kind, metadata }) => {
      const { name, namespace, uid = "" } = metadata;
      return objects.remove({
        apiVersion,
        kind,
        name,
        uid,
        ...(namespace === undefined ? {} : { namespace }),
      });
    });
    if (errors.length > 0) throw joinErrors(errors);
  }
}
