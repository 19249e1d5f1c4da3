import { repeated } from "../machine-list.ts";
import { shown } from "../finding.ts";
import type { Rule } from "../rule.ts";

export const duplicateAddress: Rule = {
  id: "duplicate-address",
  level: "error",
  about: "Two machines have the same address.",
  *check(context) {
    for (const { value, at, first } of repeated(context, "hostip")) {
      const { line } = first.document.locate([...first.path, "hostip"]);
      const place = at.document.locate([...at.path, "hostip"]);
      yield { ...place, message: `${shown(value)} is the address of the machine in line ${line} already` };
    }
  },
};
