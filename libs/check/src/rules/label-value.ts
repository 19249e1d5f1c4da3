import { shown } from "../finding.ts";
import { machinesOf } from "../machine-list.ts";
import type { Rule } from "../rule.ts";

const labels = [
  "pai-master",
  "pai-worker",
  "pai-storage",
  "dashboard",
  "no-driver",
  "no-drivers",
  "no-nodeexporter",
];

export const labelValue: Rule = {
  id: "label-value",
  level: "warning",
  about:
    'A label of a machine, or one that deploy-rules name, has another value than "true" or "false", so it does not count. A bare true does not count, either: as in OpenPAI, labels are texts.',
  *check(context) {
    const named = [...context.services.values()].flatMap(({ deploy }) => deploy?.deployRules ?? []);
    const all = new Set([...labels, ...named.map(({ label }) => label)]);
    for (const { machine, document, path } of machinesOf(context)) {
      for (const label of all) {
        const value = machine.get(label);
        const isBare = value === true;
        if (!isBare && (typeof value !== "string" || value === "true" || value === "false")) continue;
        yield {
          ...document.locate([...path, label]),
          message: `${shown(label)} counts only with the text "true"${isBare ? "; put it in quotes" : ""}`,
        };
      }
    }
  },
};
