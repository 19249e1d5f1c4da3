import { isModelList, isModelObject, meant } from "@pai/model";
import { shown } from "../finding.ts";
import { nearMisses } from "@pai/core";
import { labelsOf, machinesOf } from "../machine-list.ts";
import { serviceDocuments } from "../service-list.ts";
import type { Rule } from "../rule.ts";

export const unknownLabel: Rule = {
  id: "unknown-label",
  level: "warning",
  about:
    'A deploy rule with in: names a label that no machine carries with "true", so the service runs nowhere.',
  *check(context) {
    if (machinesOf(context).length === 0) return;
    const labels = labelsOf(context);
    for (const [, document] of serviceDocuments(context)) {
      const rules = isModelObject(document.value) ? document.value.get("deploy-rules") : undefined;
      for (const [index, rule] of (isModelList(rules) ? rules : []).entries()) {
        const label = isModelObject(rule) ? rule.get("in") : undefined;
        if (typeof label !== "string" || labels.has(label)) continue;
        const [near] = nearMisses(label, labels);
        yield {
          ...document.locate(["deploy-rules", index, "in"]),
          message: `no machine carries "${shown(label)}"${meant(near)}`,
        };
      }
    }
  },
};
