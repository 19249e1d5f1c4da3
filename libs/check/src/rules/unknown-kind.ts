import { nearMisses } from "@pai/core";
import { meant } from "@pai/model";
import { shown, type Mistake } from "../finding.ts";
import { findRemovedApi } from "../kubernetes/removed-apis.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { kubernetesSchema } from "../kubernetes/schema.ts";
import type { Rule } from "../rule.ts";

export const unknownKind: Rule = {
  id: "unknown-kind",
  level: "error",
  about:
    "Kubernetes has no such kind in that apiVersion. Kinds of other groups, which custom resources may define, are not known here.",
  *check({ objects }) {
    for (const object of objects) {
      const mistake = mistakeIn(object);
      if (mistake) yield mistake;
    }
  },
};

function mistakeIn({ value, locate }: KubernetesObject): Mistake | undefined {
  const { apiVersion, kind } = value;
  if (typeof kind !== "string") return { ...locate(["apiVersion"]), message: "the object has no kind" };
  if (typeof apiVersion !== "string")
    return { ...locate(["kind"]), message: `${shown(kind)} has no apiVersion` };
  const { kinds, version } = kubernetesSchema();
  const known = Object.keys(kinds).map(splitKind);
  if (Object.hasOwn(kinds, `${apiVersion}/${kind}`) || findRemovedApi(apiVersion, kind)) return undefined;
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const elsewhere = known.find((each) => each.kind === kind);
  const isBuiltIn = known.some((each) => each.group === group);
  if (!isBuiltIn && (group.includes(".") || elsewhere === undefined)) return undefined;
  if (elsewhere) {
    const message = `Kubernetes ${version} has no ${kind} in ${shown(apiVersion)}; it is in ${elsewhere.apiVersion}`;
    return { ...locate(["apiVersion"]), message };
  }
  const [near] = nearMisses(
    kind,
    known.filter((each) => each.apiVersion === apiVersion).map((each) => each.kind),
  );
  const message = `Kubernetes ${version} has no ${shown(kind)} in ${shown(apiVersion)}${meant(near)}`;
  return { ...locate(["kind"]), message };
}

function splitKind(key: string): {
  readonly apiVersion: string;
  readonly group: string;
  readonly kind: string;
} {
  const apiVersion = key.slice(0, key.lastIndexOf("/"));
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return { apiVersion, group, kind: key.slice(key.lastIndexOf("/") + 1) };
}
