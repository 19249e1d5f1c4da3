import { isRecord } from "@pai/core";
import { podSpecOf } from "../kubernetes/pod-spec.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import type { Mistake } from "../finding.ts";
import type { Rule } from "../rule.ts";

export const deployRulesOriginal: Rule = {
  id: "deploy-rules-original",
  level: "hint",
  about:
    "deploy-rules do here what they say, and OpenPAI did something else: it left out Jobs, CronJobs, StatefulSets before 1.0 and .yml files, failed on Pods and on files of several documents, and replaced the affinity of the manifest.",
  *check({ objects, services }) {
    const byFile = Map.groupBy(objects, ({ template }) => template.file);
    for (const object of objects) {
      const { service, name, file } = object.template;
      const { deployRules = [] } = services.get(service)?.deploy ?? {};
      if (deployRules.length === 0 || name.includes("delete")) continue;
      yield* quirksOf(object, byFile.get(file)?.length ?? 1);
    }
  },
};

const ignored: Readonly<Record<string, string>> = {
  Job: "OpenPAI ignored them",
  CronJob: "OpenPAI ignored them",
  StatefulSet: "OpenPAI before 1.0 ignored them",
  Pod: "OpenPAI failed on it",
};

function* quirksOf({ value, template, locate }: KubernetesObject, objectsInFile: number): Generator<Mistake> {
  const pods = podSpecOf(value);
  if (!pods) return;
  const kind = String(value["kind"]);
  const place = locate(["kind"]);
  if (Object.hasOwn(ignored, kind)) {
    yield { ...place, message: `deploy-rules hold for this ${kind}; ${ignored[kind]}` };
  }
  if (objectsInFile > 1) {
    yield { ...place, message: "deploy-rules hold in a file of several objects; OpenPAI failed on it" };
  }
  if (template.name.endsWith(".yml"))
    yield { ...place, message: "deploy-rules hold for .yml files; OpenPAI ignored them" };
  if (isRecord(pods.spec["affinity"])) {
    const message = "deploy-rules are added to this affinity; OpenPAI replaced it";
    yield { ...locate([...pods.path, "affinity"]), message };
  }
}
