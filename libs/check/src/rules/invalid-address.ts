import { isIP } from "node:net";
import { machinesOf } from "../machine-list.ts";
import { shown } from "../finding.ts";
import type { Rule } from "../rule.ts";

export const invalidAddress: Rule = {
  id: "invalid-address",
  level: "error",
  about: "hostip is no IP address.",
  *check(context) {
    for (const { machine, document, path } of machinesOf(context)) {
      const address = machine.get("hostip");
      if (typeof address !== "string" || isIP(address) !== 0) continue;
      yield { ...document.locate([...path, "hostip"]), message: `"${shown(address)}" is no IP address` };
    }
  },
};
