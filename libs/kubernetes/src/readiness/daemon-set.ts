import type { KubernetesObject } from "../objects.ts";
import { isStale, notObserved, waitingForPods, type Readiness } from "./types.ts";

interface DaemonSetStatus {
  readonly observedGeneration?: number;
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
}

export function daemonSetReadiness({ metadata, spec, status }: KubernetesObject): Readiness {
  const now = (status ?? {}) as DaemonSetStatus;
  if (isStale(metadata, now)) return notObserved;
  const { desiredNumberScheduled: wanted = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = now;
  const strategy = (spec as { updateStrategy?: { type?: string } } | undefined)?.updateStrategy?.type;
  const updated = strategy === "OnDelete" ? wanted : updatedNumberScheduled;
  const pods = { ready: Math.min(numberAvailable, updated), wanted };
  return pods.ready < wanted ? waitingForPods(pods) : { state: "ready", pods };
}
