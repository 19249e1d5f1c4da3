import { isRecord } from "@pai/core";
import type { Rule } from "../rule.ts";

const kinds = new Set(["Deployment", "DaemonSet", "StatefulSet", "ReplicaSet"]);

export const selectorMismatch: Rule = {
  id: "selector-mismatch",
  level: "error",
  about: "selector.matchLabels of a workload asks for labels that its own pods do not have.",
  *check({ objects }) {
    for (const { value, locate } of objects) {
      const { kind, spec } = value;
      if (!kinds.has(String(kind))) continue;
      const wanted = at(spec, "selector", "matchLabels");
      const labels = at(spec, "template", "metadata", "labels");
      if (!isRecord(wanted)) continue;
      for (const [label, text] of Object.entries(wanted)) {
        if (isRecord(labels) && labels[label] === text) continue;
        const place = locate(["spec", "selector", "matchLabels", label]);
        yield { ...place, message: `spec.template.metadata.labels has no "${label}" with this value` };
      }
    }
  },
};

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((each, key) => (isRecord(each) ? each[key] : undefined), value);
}
