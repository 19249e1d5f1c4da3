import type { KubernetesObject } from "./objects.ts";

export interface LastChange {
  /** As the API server noted it: `kubectl-edit`. */
  readonly manager: string;
  readonly time: Date;
}

/** Who changed the object last after a moment, apart from what controllers write into its status. */
export function lastChangeAfter({ metadata }: KubernetesObject, moment: Date): LastChange | undefined {
  const [last] = (metadata.managedFields ?? [])
    .filter(({ subresource }) => subresource !== "status")
    .map(({ manager = "somebody", time = "" }) => ({ manager, time: new Date(time) }))
    .filter(({ time }) => time > moment)
    .toSorted((a, b) => b.time.getTime() - a.time.getTime());
  return last;
}
