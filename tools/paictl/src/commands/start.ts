import path from "node:path";
import { command } from "@pai/cli";
import { PaiError } from "@pai/core";
import { runOf, runOptions, withTarget } from "./options.ts";

export const start = command({
  command: "start",
  describe: "start services, each as soon as its prerequisites are ready",
  options: {
    ...runOptions,
    deps: {
      type: "boolean",
      default: true,
      describe: "also start what the services need; --no-deps does not",
    },
    plan: {
      type: "string",
      describe: "carry out a saved plan as it is, or refuse when anything moved since",
    },
    "take-over": {
      type: "boolean",
      default: false,
      describe: "set fields that others have set, and own them (services without start-script)",
    },
    "rollback-on-failure": {
      type: "boolean",
      default: false,
      describe:
        "bring the last ready revision back when one does not become ready (services without start-script)",
    },
  },
  examples: [
    ["paictl service start -n hbase", "hbase and what it needs"],
    ["paictl service start -n hbase --no-deps", "hbase alone"],
    ["paictl service start -n zookeeper --with-dependents", "zookeeper and all that needs it"],
    ["paictl service start --plan hbase.plan", "exactly what  paictl service plan --out hbase.plan  showed"],
    ["paictl service start --context staging", "every service, on another cluster of the kubeconfig"],
  ],
  async run(options, { report, signal }) {
    const { plan: file, deps, "take-over": takeOver, "rollback-on-failure": rollbackOnFailure } = options;
    const more = { ...runOf(options), takeOver, rollbackOnFailure, report, signal };
    const choices = [
      ...(options["service-name"] ? ["-n"] : []),
      ...(options.skip ? ["--skip"] : []),
      ...(options["with-dependents"] ? ["--with-dependents"] : []),
      ...(deps ? [] : ["--no-deps"]),
    ];
    if (file !== undefined && choices.length > 0)
      throw new PaiError("USAGE", `--plan and ${choices.join(", ")} both say what to start`, {
        hint: "choose services when the plan is made:  paictl service plan --out FILE",
      });
    const { readPlanFile, startPlan, startServices } = await import("@pai/actions/deploy");
    const plan = file === undefined ? undefined : await readPlanFile(path.resolve(options.root, file));
    await withTarget(options, { report, signal }, (target) =>
      plan
        ? startPlan(plan, { ...target, ...more })
        : startServices({ ...target, ...more, withPrerequisites: deps }),
    );
  },
});
