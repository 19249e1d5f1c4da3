import { machineFile, machinesOf } from "../machine-list.ts";
import type { Rule } from "../rule.ts";

export const noMaster: Rule = {
  id: "no-master",
  level: "error",
  about: 'No machine is the master: one needs pai-master: "true".',
  *check(context) {
    const machines = machinesOf(context);
    const isMaster = machines.some(({ machine }) => machine.get("pai-master") === "true");
    const document = machineFile(context);
    if (!document || machines.length === 0 || isMaster) return;
    const bare = machines.find(({ machine }) => machine.get("pai-master") === true);
    const place = document.locate(bare ? [...bare.path, "pai-master"] : ["machine-list"]);
    yield { ...place, message: 'no machine has  pai-master: "true"' };
  },
};
