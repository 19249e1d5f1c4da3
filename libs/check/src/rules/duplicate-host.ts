import { repeated } from "../machine-list.ts";
import { shown } from "../finding.ts";
import type { Rule } from "../rule.ts";

export const duplicateHost: Rule = {
  id: "duplicate-host",
  level: "error",
  about: "Two machines have the same hostname; one of them would be lost.",
  *check(context) {
    for (const { value, at, first } of repeated(context, "hostname")) {
      const { line } = first.document.locate([...first.path, "hostname"]);
      const place = at.document.locate([...at.path, "hostname"]);
      yield { ...place, message: `${shown(value)} is the name of the machine in line ${line} already` };
    }
  },
};
