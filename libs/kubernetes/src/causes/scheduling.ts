import { findCondition } from "../readiness/types.ts";
import type { Cause, Pod } from "./types.ts";

/** No node takes the pod. */
export function schedulingCause(pod: Pod): Omit<Cause, "pod"> | undefined {
  const condition = findCondition(pod.status.conditions, "PodScheduled", "False");
  if (!condition) return undefined;
  const [message = ""] = (condition.message ?? "").split(/\. (?:no new claims|preemption:)/);
  return { text: `no node takes it: ${message}`, doomedAfterMs: patienceFor(message) };
}

function patienceFor(message: string): number {
  const nodes = /^0\/(\d+) nodes/.exec(message)?.[1];
  const misfits = /(\d+) node\(s\) didn't match Pod's node affinity\/selector/.exec(message)?.[1];
  // Room and ports come free when old pods end; a label does not appear by itself.
  if (nodes !== undefined && nodes === misfits) return 5000;
  return message.includes("persistentvolumeclaim") && message.includes("not found") ? 15_000 : 60_000;
}
