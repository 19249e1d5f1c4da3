import { findCondition, type Condition } from "../readiness/types.ts";
import type { Cause, Evidence } from "./types.ts";

/** The cluster refuses to make the pods at all. */
export function creationCause({ object, replicaSet, warnings }: Evidence): Cause | undefined {
  const status = (replicaSet?.status ?? object.status ?? {}) as {
    readonly conditions?: readonly Condition[];
  };
  const message =
    findCondition(status.conditions, "ReplicaFailure", "True")?.message ??
    // DaemonSets, StatefulSets and Jobs say so in events only.
    warnings.find(({ reason, uid }) => reason === "FailedCreate" && uid === object.metadata.uid)?.message;
  if (message === undefined) return undefined;
  return { text: `its pods are refused: ${reasonIn(message)}`, doomedAfterMs: patienceFor(message) };
}

function reasonIn(message: string): string {
  return message
    .replace(/^Error creating: /, "")
    .replace(/^create Pod \S+ in StatefulSet \S+ failed error: /, "")
    .replace(/^pods "[^"]*" is forbidden: /, "")
    .replace(/^error looking up service account \S+: /, "");
}

function patienceFor(message: string): number {
  if (/exceeded quota|failed calling webhook/.test(message)) return 60_000;
  return /serviceaccount .* not found/.test(message) ? 15_000 : 5000;
}
