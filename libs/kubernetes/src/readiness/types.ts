export type Readiness =
  | { readonly state: "ready"; readonly pods?: PodCount }
  | { readonly state: "waiting" | "failed"; readonly reason: string; readonly pods?: PodCount };

export interface PodCount {
  readonly ready: number;
  readonly wanted: number;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** Until the controller has seen this generation, its counters describe the previous one. */
export function isStale(
  { generation = 0 }: { readonly generation?: number },
  { observedGeneration = 0 }: { readonly observedGeneration?: number },
): boolean {
  return observedGeneration < generation;
}

export const notObserved = {
  state: "waiting",
  reason: "its controller has not seen the change yet",
} as const;

export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
  status: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type && condition.status === status);
}

export function waitingForPods(pods: PodCount): Readiness {
  return { state: "waiting", reason: `${pods.ready} of ${pods.wanted} pods ready`, pods };
}
