import type { KubernetesObject } from "../objects.ts";
import { findCondition, type Condition, type Readiness } from "./types.ts";

export function customDefinitionReadiness({ status }: KubernetesObject): Readiness {
  const { conditions } = (status ?? {}) as { conditions?: readonly Condition[] };
  if (findCondition(conditions, "Established", "True")) return { state: "ready" };
  const refused = findCondition(conditions, "NamesAccepted", "False");
  return refused
    ? { state: "failed", reason: refused.message ?? "its names are taken" }
    : { state: "waiting", reason: "its kind is not served yet" };
}
