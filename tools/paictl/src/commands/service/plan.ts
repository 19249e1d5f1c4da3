import path from "node:path";
import { command } from "@pai/cli";
import { choiceOptions, manifestOptions, serviceOptions, setOptions, withTarget } from "../options.ts";
import { formatPlan } from "./plan-text.ts";

export const plan = command({
  command: "plan",
  describe: "show what a start would do, object by object; changes nothing; ends with 3 when it would",
  options: {
    ...serviceOptions,
    ...choiceOptions,
    ...manifestOptions,
    skip: setOptions.skip,
    "with-dependents": setOptions["with-dependents"],
    deps: { type: "boolean", default: true, describe: "also what the services need; --no-deps does not" },
    out: { type: "string", describe: "also save the plan, for  paictl service start --plan FILE" },
  },
  examples: [
    ["paictl service plan", "every service"],
    ["paictl service plan -n hbase --out hbase.plan", "hbase and what it needs, to be carried out later"],
  ],
  async run(options, { report, signal, output, print }) {
    const { hasChanges, planServices, writePlanFile } = await import("@pai/actions/deploy");
    const { deps: withPrerequisites, skip, "with-dependents": withDependents } = options;
    const result = await withTarget(options, { report, signal }, (target) =>
      planServices({ ...target, withPrerequisites, skip, withDependents, report, signal }),
    );
    if (options.out !== undefined) await writePlanFile(path.resolve(options.root, options.out), result);
    print(output === "json" ? JSON.stringify({ type: "plan", ...result }) : formatPlan(result));
    return hasChanges(result) ? 3 : 0;
  },
});
