import type { KubernetesObject } from "./objects.ts";

export interface LastChange {
  /** As the API server noted it: `kubectl-edit`. */
  readonly manager: string;
  readonly time: Date;
}

/** Who changed the object last after a moment, apart from what controllers write into its status. */
export function lastChangeAfter({ metadata }: KubernetesObject, moment: Date): LastChange | undefined {
  // The server notes whole seconds: a change in the second of the moment counts as later.
  const from = Math.floor(moment.getTime() / 1000) * 1000;
  const [last] = (metadata.managedFields ?? [])
    .filter(({ subresource }) => subresource !== "status")
    .map(({ manager = "somebody", time = "" }) => ({ manager, time: new Date(time) }))
    .filter(({ time }) => time.getTime() >= from)
    .toSorted((a, b) => b.time.getTime() - a.time.getTime());
  return last;
}
