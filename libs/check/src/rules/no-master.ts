import { machineFile, machinesOf } from "../machine-list.ts";
import type { Rule } from "../rule.ts";

export const noMaster: Rule = {
  id: "no-master",
  level: "error",
  about: 'No machine is the master: one needs pai-master: "true".',
  *check(context) {
    const machines = machinesOf(context);
    const isMaster = machines.some(({ machine }) =>
      [true, "true"].includes(machine.get("pai-master") as string),
    );
    const document = machineFile(context);
    if (!document || machines.length === 0 || isMaster) return;
    yield { ...document.locate(["machine-list"]), message: 'no machine has  pai-master: "true"' };
  },
};
