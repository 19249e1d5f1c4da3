import type { Pod } from "./causes/types.ts";
import type { KubernetesObject } from "./objects.ts";

const revision = "deployment.kubernetes.io/revision";
const templateGeneration = "deprecated.daemonset.template.generation";

/** What runs in a namespace, as far as it belongs to workloads. */
export interface Running {
  readonly pods: readonly Pod[];
  readonly replicaSets: readonly KubernetesObject[];
}

/** The workload's pods of its newest revision; those that are ending are left out. */
export function podsOf(workload: KubernetesObject, running: Running): Pod[] {
  const { kind, metadata } = workload;
  const pods = running.pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const owned = (uid: string | undefined): Pod[] => pods.filter((pod) => isOwnedBy(pod, uid));
  switch (kind) {
    case "Pod":
      return pods.filter((pod) => pod.metadata.uid === metadata.uid);
    case "Deployment":
      return owned(newestReplicaSet(workload, running)?.metadata.uid ?? "");
    case "DaemonSet": {
      const generation = metadata.annotations?.[templateGeneration];
      return owned(metadata.uid).filter(
        (pod) => generation === undefined || pod.metadata.labels?.["pod-template-generation"] === generation,
      );
    }
    case "StatefulSet": {
      const { updateRevision } = (workload.status ?? {}) as { readonly updateRevision?: string };
      return owned(metadata.uid).filter(
        (pod) =>
          updateRevision === undefined ||
          pod.metadata.labels?.["controller-revision-hash"] === updateRevision,
      );
    }
    default:
      return owned(metadata.uid);
  }
}

/** The workload's pods of revisions before the newest one; only a StatefulSet can be kept up by them. */
export function olderPodsOf(workload: KubernetesObject, running: Running): Pod[] {
  if (workload.kind !== "StatefulSet") return [];
  const newest = new Set(podsOf(workload, running));
  return running.pods.filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      isOwnedBy(pod, workload.metadata.uid) &&
      !newest.has(pod),
  );
}

export function newestReplicaSet(
  deployment: KubernetesObject,
  { replicaSets }: Running,
): KubernetesObject | undefined {
  const wanted = deployment.metadata.annotations?.[revision];
  return replicaSets.find(
    (set) => isOwnedBy(set, deployment.metadata.uid) && set.metadata.annotations?.[revision] === wanted,
  );
}

export function isOwnedBy({ metadata }: KubernetesObject, uid: string | undefined): boolean {
  return uid !== undefined && (metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false);
}
