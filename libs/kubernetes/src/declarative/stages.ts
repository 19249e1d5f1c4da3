import type { ObjectRef } from "../objects.ts";

/** What has to be there before the rest can be applied at all. */
const foundations = new Set(["Namespace", "CustomResourceDefinition"]);
/** What workloads refer to when they start. */
const configuration = new Set([
  "ServiceAccount",
  "Role",
  "RoleBinding",
  "ClusterRole",
  "ClusterRoleBinding",
  "ConfigMap",
  "Secret",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "StorageClass",
  "PriorityClass",
  "RuntimeClass",
  "IngressClass",
  "LimitRange",
  "ResourceQuota",
  "NetworkPolicy",
]);
/** Calls that the server makes from then on, to what the other stages bring up. */
const callbacks = new Set(["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "APIService"]);

/** Objects in the groups in which they are applied, one after the other; empty groups are left out. */
export function stagesOf<T extends Pick<ObjectRef, "kind">>(objects: readonly T[]): T[][] {
  const stages: T[][] = [[], [], [], []];
  for (const object of objects) stages[stageOf(object)]?.push(object);
  return stages.filter((stage) => stage.length > 0);
}

function stageOf({ kind }: Pick<ObjectRef, "kind">): number {
  if (foundations.has(kind)) return 0;
  if (configuration.has(kind)) return 1;
  return callbacks.has(kind) ? 3 : 2;
}

const holdsData = new Set([
  "PersistentVolumeClaim",
  "PersistentVolume",
  "Namespace",
  "CustomResourceDefinition",
  "StorageClass",
]);

/** Whether objects of the kind hold data, or what holds it, and so are never deleted with a service. */
export function isProtected({ kind }: Pick<ObjectRef, "kind">): boolean {
  return holdsData.has(kind);
}
