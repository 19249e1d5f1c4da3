import { isModelList, isModelObject } from "@pai/model";
import { machineFile } from "../machine-list.ts";
import type { Rule } from "../rule.ts";

export const missingMachines: Rule = {
  id: "missing-machines",
  level: "error",
  about: "machine-list is empty: there is nothing to deploy to.",
  *check(context) {
    const document = machineFile(context);
    const list = isModelObject(document?.value) ? document.value.get("machine-list") : undefined;
    if (document && isModelList(list) && list.length === 0) {
      yield { ...document.locate(["machine-list"]), message: "machine-list names no machine" };
    }
  },
};
