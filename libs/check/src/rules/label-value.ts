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
  about: 'A label of a machine has another value than "true" or "false", so it counts as "false".',
  *check(context) {
    for (const { machine, document, path } of machinesOf(context)) {
      for (const label of labels) {
        const value = machine.get(label);
        if (typeof value !== "string" || value === "true" || value === "false") continue;
        yield { ...document.locate([...path, label]), message: `${label} counts only with the value "true"` };
      }
    }
  },
};
