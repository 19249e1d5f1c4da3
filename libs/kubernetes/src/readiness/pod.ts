import type { KubernetesObject } from "../objects.ts";
import { findCondition, type Condition, type Readiness } from "./types.ts";

interface PodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly Condition[];
}

export function podReadiness({ status }: KubernetesObject): Readiness {
  const { phase, reason, message, conditions } = (status ?? {}) as PodStatus;
  if (phase === "Succeeded" || findCondition(conditions, "Ready", "True")) return { state: "ready" };
  if (phase === "Failed")
    return {
      state: "failed",
      reason: `the pod failed: ${message ?? reason ?? "a container ended with an error"}`,
    };
  return {
    state: "waiting",
    reason: phase === "Running" ? "the pod runs but is not ready" : "the pod has not started yet",
  };
}
