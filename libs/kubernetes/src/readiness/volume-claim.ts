import type { KubernetesObject } from "../objects.ts";
import type { Readiness } from "./types.ts";

/**
 * A pending claim may wait for its first pod (WaitForFirstConsumer), which waits for nothing else; what
 * keeps it from being bound then shows at that pod. So only a lost one is a failure.
 */
export function volumeClaimReadiness({ status }: KubernetesObject): Readiness {
  const { phase } = (status ?? {}) as { phase?: string };
  return phase === "Lost" ? { state: "failed", reason: "its volume is gone" } : { state: "ready" };
}
