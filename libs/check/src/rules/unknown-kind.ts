import { nearMisses } from "@pai/core";
import { findRemovedApi, meant } from "@pai/model";
import { shown, type Mistake } from "../finding.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { groupOf, ownKinds } from "../kubernetes/own-kinds.ts";
import { bundledSchema, type KubernetesSchema } from "../kubernetes/schema.ts";
import type { Rule } from "../rule.ts";

export const unknownKind: Rule = {
  id: "unknown-kind",
  level: "error",
  about:
    "Kubernetes has no such kind in that apiVersion. Kinds of custom resources are known where the cluster that has them is asked, or the tree defines them.",
  *check(context) {
    const { objects, schema = bundledSchema() } = context;
    const own = ownKinds(context);
    for (const object of objects) {
      const mistake = mistakeIn(object, schema, own);
      if (mistake) yield mistake;
    }
  },
};

function mistakeIn(
  { value, locate }: KubernetesObject,
  { kinds, version }: KubernetesSchema,
  own: ReadonlySet<string>,
): Mistake | undefined {
  const { apiVersion, kind } = value;
  if (typeof kind !== "string") return { ...locate(["apiVersion"]), message: "the object has no kind" };
  if (typeof apiVersion !== "string")
    return { ...locate(["kind"]), message: `${shown(kind)} has no apiVersion` };
  if (Object.hasOwn(kinds, `${apiVersion}/${kind}`) || findRemovedApi(apiVersion, kind)) return undefined;
  const group = groupOf(apiVersion);
  if (own.has(`${group}/${kind}`)) return undefined;
  const known = Object.keys(kinds).map(splitKind);
  const elsewhere = known.find((each) => each.kind === kind);
  const isKnownGroup = known.some((each) => groupOf(each.apiVersion) === group);
  if (!isKnownGroup && (group.includes(".") || elsewhere === undefined)) return undefined;
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

function splitKind(key: string): { readonly apiVersion: string; readonly kind: string } {
  const slash = key.lastIndexOf("/");
  return { apiVersion: key.slice(0, slash), kind: key.slice(slash + 1) };
}
