/** API versions that Kubernetes 1.34 does not serve any more, and what replaced them. */
const removed: readonly (readonly [
  apiVersion: string,
  kinds: readonly string[] | "all",
  replacement: string | undefined,
])[] = [
  ["extensions/v1beta1", ["Deployment", "DaemonSet", "ReplicaSet"], "apps/v1"],
  ["apps/v1beta1", ["Deployment", "StatefulSet"], "apps/v1"],
  ["apps/v1beta2", ["Deployment", "DaemonSet", "ReplicaSet", "StatefulSet"], "apps/v1"],
  ["extensions/v1beta1", ["Ingress", "NetworkPolicy"], "networking.k8s.io/v1"],
  ["networking.k8s.io/v1beta1", ["Ingress", "IngressClass"], "networking.k8s.io/v1"],
  ["batch/v1beta1", ["CronJob"], "batch/v1"],
  ["batch/v2alpha1", ["CronJob"], "batch/v1"],
  ["policy/v1beta1", ["PodDisruptionBudget"], "policy/v1"],
  ["policy/v1beta1", ["PodSecurityPolicy"], undefined],
  ["extensions/v1beta1", ["PodSecurityPolicy"], undefined],
  ["rbac.authorization.k8s.io/v1alpha1", "all", "rbac.authorization.k8s.io/v1"],
  ["rbac.authorization.k8s.io/v1beta1", "all", "rbac.authorization.k8s.io/v1"],
  ["apiextensions.k8s.io/v1beta1", "all", "apiextensions.k8s.io/v1"],
  [
    "admissionregistration.k8s.io/v1beta1",
    ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
    "admissionregistration.k8s.io/v1",
  ],
  ["autoscaling/v2beta1", "all", "autoscaling/v2"],
  ["autoscaling/v2beta2", "all", "autoscaling/v2"],
  [
    "storage.k8s.io/v1beta1",
    ["StorageClass", "CSIDriver", "CSINode", "VolumeAttachment", "CSIStorageCapacity"],
    "storage.k8s.io/v1",
  ],
  ["scheduling.k8s.io/v1alpha1", ["PriorityClass"], "scheduling.k8s.io/v1"],
  ["scheduling.k8s.io/v1beta1", ["PriorityClass"], "scheduling.k8s.io/v1"],
  ["coordination.k8s.io/v1beta1", ["Lease"], "coordination.k8s.io/v1"],
  ["apiregistration.k8s.io/v1beta1", "all", "apiregistration.k8s.io/v1"],
  ["discovery.k8s.io/v1beta1", "all", "discovery.k8s.io/v1"],
  ["events.k8s.io/v1beta1", "all", "events.k8s.io/v1"],
  ["node.k8s.io/v1beta1", "all", "node.k8s.io/v1"],
];

export interface RemovedApi {
  /** Undefined where nothing did. */
  readonly replacement: string | undefined;
}

export function findRemovedApi(apiVersion: string, kind: string): RemovedApi | undefined {
  const entry = removed.find(
    ([version, kinds]) => version === apiVersion && (kinds === "all" || kinds.includes(kind)),
  );
  return entry && { replacement: entry[2] };
}
