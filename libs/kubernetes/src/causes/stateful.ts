import type { KubernetesObject } from "../objects.ts";
import type { Cause, Pod } from "./types.ts";

/**
 * A StatefulSet makes its pods one after the other, and never replaces one that is not ready: a broken pod
 * of an older revision keeps every correction away until somebody deletes it.
 */
export function withBlockedPods(cause: Cause, set: KubernetesObject, isOlder: boolean): Cause {
  const { pod } = cause;
  if (set.kind !== "StatefulSet" || !pod) return cause;
  if (isOlder) {
    const { name, namespace = "default" } = pod.metadata;
    return {
      ...cause,
      text: `${cause.text}; it is of the revision before and keeps the new one from starting`,
      doomedAfterMs: blockedMs,
      hint: `kubectl delete pod -n ${namespace} ${name}   lets the StatefulSet make it anew`,
    };
  }
  const { replicas = 1, podManagementPolicy } = (set.spec ?? {}) as {
    readonly replicas?: number;
    readonly podManagementPolicy?: string;
  };
  const behind = replicas - 1 - ordinalOf(pod);
  if (podManagementPolicy === "Parallel" || behind < 1) return cause;
  return { ...cause, text: `${cause.text}; ${behind === 1 ? "1 pod waits" : `${behind} pods wait`} for it` };
}

const blockedMs = 15_000;

function ordinalOf({ metadata }: Pod): number {
  return Number(/\d+$/.exec(metadata.name)?.[0] ?? 0);
}
