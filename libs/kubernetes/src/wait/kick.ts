// A Deployment whose pods were refused for a while is tried again by its controller only after a back-off of
// up to a quarter of an hour, also when the reason is gone. Any change of an annotation wakes it.
import { failedCreate } from "../causes/creation.ts";
import type { KubernetesObject, Objects } from "../objects.ts";
import { newestReplicaSet } from "../pods-of.ts";
import type { Snapshot } from "./snapshot.ts";
import type { WaitTarget } from "./trouble.ts";

const manager = "pai-retry";
const annotation = "pai.dev/retried-at";

/** Wakes the controllers of Deployments that were refused before this run changed anything. */
export async function kickRefused(
  objects: Objects,
  targets: readonly WaitTarget[],
  snapshot: Snapshot,
  since: Date,
): Promise<void> {
  for (const ref of targets.filter(({ kind }) => kind === "Deployment")) {
    const deployment = snapshot.find(ref);
    if (!deployment || !wasRefusedBefore(deployment, snapshot, since)) continue;
    const { name, namespace = "default", uid = "" } = deployment.metadata;
    await objects.apply(
      {
        apiVersion: deployment.apiVersion,
        kind: deployment.kind,
        metadata: { name, namespace, uid, annotations: { [annotation]: since.toISOString() } },
      },
      { manager, force: true },
    );
  }
}

function wasRefusedBefore(deployment: KubernetesObject, snapshot: Snapshot, since: Date): boolean {
  const set = newestReplicaSet(deployment, snapshot.running(deployment.metadata.namespace));
  const condition = failedCreate(set ?? deployment);
  return condition !== undefined && Date.parse(condition.lastTransitionTime ?? "") < since.getTime() - 2000;
}
