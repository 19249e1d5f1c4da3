import type { KubernetesObject } from "../objects.ts";
import { findCondition, type Condition, type Readiness } from "./types.ts";

interface JobStatus {
  readonly active?: number;
  readonly succeeded?: number;
  readonly conditions?: readonly Condition[];
}

/** A Job is ready when it has completed. */
export function jobReadiness({ spec, status }: KubernetesObject): Readiness {
  const { completions = 1, suspend = false } = (spec ?? {}) as { completions?: number; suspend?: boolean };
  const { active = 0, succeeded = 0, conditions } = (status ?? {}) as JobStatus;
  if (findCondition(conditions, "Complete", "True")) return { state: "ready" };
  // FailureTarget comes first and is final; Failed follows when the last pod has ended.
  const failed =
    findCondition(conditions, "Failed", "True") ?? findCondition(conditions, "FailureTarget", "True");
  if (failed)
    return {
      state: "failed",
      reason: `the job failed: ${failed.message ?? failed.reason ?? "no reason given"}`,
    };
  if (suspend) return { state: "waiting", reason: "the job is suspended" };
  if (active === 0 && succeeded === 0) return { state: "waiting", reason: "the job has not started yet" };
  return { state: "waiting", reason: `the job runs, ${succeeded} of ${completions} completed` };
}
