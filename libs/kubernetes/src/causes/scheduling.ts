import { findCondition } from "../readiness/types.ts";
import { claimCause } from "./claim.ts";
import { missingPatience } from "./missing.ts";
import { parseQuantity } from "./quantity.ts";
import type { Cause, Evidence, Pod } from "./types.ts";

const missingClaim = /persistentvolumeclaim "[^"]*" not found/;

/** No node takes the pod. */
export function schedulingCause(pod: Pod, evidence: Evidence): Omit<Cause, "pod"> | undefined {
  const condition = findCondition(pod.status.conditions, "PodScheduled", "False");
  if (!condition) return claimCause(pod, evidence);
  const [message = ""] = (condition.message ?? "").split(/\. (?:no new claims|preemption:)/);
  if (message.includes("unbound immediate")) {
    const claim = claimCause(pod, evidence);
    if (claim) return claim;
  }
  const kind = missingClaim.exec(message)?.[0] ?? "scheduling";
  return { text: `no node takes it: ${message}`, kind, ...patience(message, pod, evidence) };
}

function patience(message: string, pod: Pod, evidence: Evidence): Pick<Cause, "doomedAfterMs"> {
  if (missingClaim.test(message)) return { doomedAfterMs: missingPatience(message, evidence, 15_000) };
  // A claim that waits for its volume waits for something outside.
  if (message.includes("unbound immediate")) return {};
  const nodes = /^0\/(\d+) nodes/.exec(message)?.[1];
  const misfits = /(\d+) node\(s\) didn't match Pod's node affinity\/selector/.exec(message)?.[1];
  // Room and ports come free when old pods end; a label or a larger machine does not appear by itself.
  const isHopeless = (nodes !== undefined && nodes === misfits) || isLargerThanEveryNode(pod, evidence);
  return { doomedAfterMs: isHopeless ? 5000 : 60_000 };
}

function isLargerThanEveryNode({ spec }: Pod, { nodes }: Evidence): boolean {
  if (nodes.length === 0) return false;
  return ["cpu", "memory"].some((resource) => {
    const wanted = spec.containers.reduce(
      (sum, { resources }) => sum + parseQuantity(resources?.requests?.[resource] ?? "0"),
      0,
    );
    return nodes.every(({ status }) => {
      const { allocatable } = (status ?? {}) as { readonly allocatable?: Readonly<Record<string, string>> };
      return wanted > parseQuantity(allocatable?.[resource] ?? "Infinity");
    });
  });
}
