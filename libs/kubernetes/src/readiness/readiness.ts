// The rules are kstatus's, stricter where a deployment needs it: a Job has to complete, a failed Pod is a
// failure, a LoadBalancer needs its address.
import type { KubernetesObject } from "../objects.ts";
import { customDefinitionReadiness } from "./custom-definition.ts";
import { daemonSetReadiness } from "./daemon-set.ts";
import { deploymentReadiness } from "./deployment.ts";
import { jobReadiness } from "./job.ts";
import { podReadiness } from "./pod.ts";
import { replicaSetReadiness } from "./replica-set.ts";
import { serviceReadiness } from "./service.ts";
import { statefulSetReadiness } from "./stateful-set.ts";
import type { Readiness } from "./types.ts";
import { volumeClaimReadiness } from "./volume-claim.ts";

const rules: Readonly<Record<string, (object: KubernetesObject) => Readiness>> = {
  "apps/v1 Deployment": deploymentReadiness,
  "apps/v1 DaemonSet": daemonSetReadiness,
  "apps/v1 StatefulSet": statefulSetReadiness,
  "apps/v1 ReplicaSet": replicaSetReadiness,
  "batch/v1 Job": jobReadiness,
  "v1 Pod": podReadiness,
  "v1 Service": serviceReadiness,
  "v1 PersistentVolumeClaim": volumeClaimReadiness,
  "apiextensions.k8s.io/v1 CustomResourceDefinition": customDefinitionReadiness,
};

/** Objects of other kinds are ready once they exist. */
export function readinessOf(object: KubernetesObject): Readiness {
  if (object.metadata.deletionTimestamp !== undefined)
    return { state: "waiting", reason: "is being deleted" };
  return rules[`${object.apiVersion} ${object.kind}`]?.(object) ?? { state: "ready" };
}

/** Whether the kind has a rule, so that waiting for it means something. */
export function hasReadiness({ apiVersion, kind }: Pick<KubernetesObject, "apiVersion" | "kind">): boolean {
  return `${apiVersion} ${kind}` in rules;
}

/** Whether objects of the kind run pods. */
export function runsPods({ kind }: Pick<KubernetesObject, "kind">): boolean {
  return ["Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Job", "CronJob", "Pod"].includes(kind);
}
