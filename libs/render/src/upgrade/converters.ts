import { upgradeAutoscaler } from "./autoscaler.ts";
import { upgradeDefinition } from "./definition.ts";
import { upgradeIngress } from "./ingress.ts";
import { mapIn, without, withEach, type Fields } from "./objects.ts";
import { upgradeWorkload } from "./workload.ts";

/** What changes beside the apiVersion; gets the object as it is written. A text says why it has to stay. */
type Convert = (object: Fields) => Fields | string;

const converters: Readonly<Record<string, Convert>> = {
  Deployment: upgradeWorkload,
  DaemonSet: upgradeWorkload,
  ReplicaSet: upgradeWorkload,
  StatefulSet: upgradeWorkload,
  Ingress: upgradeIngress,
  CronJob: upgradeCronJob,
  PodDisruptionBudget: upgradeBudget,
  RoleBinding: upgradeBinding,
  ClusterRoleBinding: upgradeBinding,
  CustomResourceDefinition: upgradeDefinition,
  MutatingWebhookConfiguration: upgradeWebhooks,
  ValidatingWebhookConfiguration: upgradeWebhooks,
  HorizontalPodAutoscaler: upgradeAutoscaler,
};

export function convert(kind: string, object: Fields): Fields | string {
  return Object.hasOwn(converters, kind) ? (converters[kind]?.(object) ?? object) : object;
}

function upgradeCronJob(object: Fields): Fields {
  const spec = mapIn(object, "spec");
  const { zone, rest } =
    /^(?:CRON_)?TZ=(?<zone>\S+)\s+(?<rest>.*)$/.exec(String(spec["schedule"]))?.groups ?? {};
  return zone === undefined ? object : { ...object, spec: { ...spec, schedule: rest, timeZone: zone } };
}

function upgradeBudget(object: Fields): Fields | string {
  const { selector } = mapIn(object, "spec");
  const isEmpty = selector !== undefined && Object.keys(mapIn({ selector }, "selector")).length === 0;
  return isEmpty ? "its empty selector meant no pods, and means all of them today" : object;
}

function upgradeBinding(object: Fields): Fields {
  // The server refuses the key in today's version, and knows the group of a subject by its kind.
  return withEach(object, "subjects", (subject) => without(subject, "apiVersion"));
}

function upgradeWebhooks(object: Fields): Fields {
  return withEach(object, "webhooks", (webhook) => ({
    admissionReviewVersions: ["v1beta1"],
    failurePolicy: "Ignore",
    timeoutSeconds: 30,
    matchPolicy: "Exact",
    ...webhook,
    // Unknown and Some are no longer allowed.
    sideEffects: webhook["sideEffects"] === "None" ? "None" : "NoneOnDryRun",
  }));
}
