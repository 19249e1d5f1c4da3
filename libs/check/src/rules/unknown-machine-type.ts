import { nearMisses } from "@pai/core";
import { isModelObject, meant } from "@pai/model";
import { machinesOf } from "../machine-list.ts";
import { shown } from "../finding.ts";
import type { Rule } from "../rule.ts";

export const unknownMachineType: Rule = {
  id: "unknown-machine-type",
  level: "error",
  about: "machine-type of a machine is no key of machine-sku.",
  *check(context) {
    for (const { machine, document, path } of machinesOf(context)) {
      const type = machine.get("machine-type");
      const skus = isModelObject(document.value) ? document.value.get("machine-sku") : undefined;
      if (typeof type !== "string" || (isModelObject(skus) && skus.has(type))) continue;
      const [near] = nearMisses(type, isModelObject(skus) ? skus.keys() : []);
      yield {
        ...document.locate([...path, "machine-type"]),
        message: `machine-sku has no "${shown(type)}"${meant(near)}`,
      };
    }
  },
};
