import { findCondition, type Condition } from "../readiness/types.ts";
import { missingPatience } from "./missing.ts";
import type { Cause, Evidence } from "./types.ts";

/** The cluster refuses to make the pods at all. */
export function creationCause(evidence: Evidence): Cause | undefined {
  const { object, replicaSet, events } = evidence;
  const message =
    failedCreate(replicaSet ?? object)?.message ??
    // DaemonSets, StatefulSets and Jobs say so in events only, which stay when a later try succeeds.
    events.find(
      ({ reason, uid, time }) =>
        reason === "FailedCreate" && uid === object.metadata.uid && !isMadeSince(time, evidence),
    )?.message;
  if (message === undefined) return undefined;
  const webhook = /failed calling webhook "(?<name>[^"]*)": (?<why>.*)/s.exec(message)?.groups;
  if (webhook) {
    const why =
      /connection refused|no endpoints available[^"]*|deadline exceeded|service "[^"]*" not found|no such host/.exec(
        webhook["why"] ?? "",
      );
    const text = `its pods are refused: the webhook ${webhook["name"]} does not answer: ${why?.[0] ?? webhook["why"]}`;
    return { text, kind: `webhook ${webhook["name"]}`, doomedAfterMs: 60_000 };
  }
  return {
    text: `its pods are refused: ${reasonIn(message)}`,
    kind: "refused",
    doomedAfterMs: patienceFor(message, evidence),
  };
}

/** Times of creation are whole seconds. */
function isMadeSince(time: number, { pods }: Evidence): boolean {
  return pods.some(({ metadata }) => Date.parse(metadata.creationTimestamp ?? "") + 1000 > time);
}

export function failedCreate({ status }: { readonly status?: unknown }): Condition | undefined {
  const { conditions } = (status ?? {}) as { readonly conditions?: readonly Condition[] };
  return findCondition(conditions, "ReplicaFailure", "True");
}

function reasonIn(message: string): string {
  return message
    .replace(/^Error creating: /, "")
    .replace(/^create Pod \S+ in StatefulSet \S+ failed error: /, "")
    .replace(/^pods "[^"]*" is forbidden: /, "")
    .replace(/^error looking up service account \S+: /, "");
}

function patienceFor(message: string, evidence: Evidence): number {
  if (message.includes("exceeded quota")) return 60_000;
  return message.includes("serviceaccount") ? missingPatience(message, evidence, 15_000) : 5000;
}
