import { podSpecOf } from "../kubernetes/pod-spec.ts";
import { isRecord, type KubernetesObject } from "../kubernetes/objects.ts";
import type { Mistake } from "../finding.ts";
import type { Rule } from "../rule.ts";

export const deployRulesOriginal: Rule = {
  id: "deploy-rules-original",
  level: "hint",
  about:
    "deploy-rules do here what they say, and OpenPAI did something else: it left out Jobs, CronJobs, StatefulSets before 1.0 and .yml files, failed on Pods and on files of several documents, and replaced the affinity of the manifest.",
  *check({ objects, services }) {
    for (const object of objects) {
      const { deployRules = [] } = services.get(object.template.service)?.deploy ?? {};
      if (deployRules.length > 0 && !object.template.name.includes("delete")) yield* quirksOf(object);
    }
  },
};

function* quirksOf({ value, template, locate }: KubernetesObject): Generator<Mistake> {
  const pods = podSpecOf(value);
  if (!pods) return;
  const kind = String(value["kind"]);
  const place = locate(["kind"]);
  if (kind === "Job" || kind === "CronJob")
    yield { ...place, message: `deploy-rules hold for this ${kind}; OpenPAI ignored them` };
  if (kind === "Pod") yield { ...place, message: "deploy-rules hold for this Pod; OpenPAI failed on it" };
  if (template.name.endsWith(".yml"))
    yield { ...place, message: "deploy-rules hold for .yml files; OpenPAI ignored them" };
  if (isRecord(pods.spec["affinity"])) {
    const message = "deploy-rules are added to this affinity; OpenPAI replaced it";
    yield { ...locate([...pods.path, "affinity"]), message };
  }
}
