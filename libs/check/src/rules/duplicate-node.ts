import { repeated } from "../machine-list.ts";
import { shown } from "../finding.ts";
import type { Rule } from "../rule.ts";

export const duplicateNode: Rule = {
  id: "duplicate-node",
  level: "error",
  about: "Two machines have the same nodename; labels of both would go to one node.",
  *check(context) {
    for (const { value, at, first } of repeated(context, "nodename")) {
      const { line } = first.document.locate([...first.path, "nodename"]);
      const place = at.document.locate([...at.path, "nodename"]);
      yield { ...place, message: `${shown(value)} is the node of the machine in line ${line} already` };
    }
  },
};
