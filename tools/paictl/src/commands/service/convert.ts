import { command } from "@pai/cli";
import { choiceOptions, serviceOptions, withTarget, yesOption } from "../options.ts";
import { oneService } from "./one-service.ts";
import { formatObjects } from "./plan-text.ts";

export const convert = command({
  command: "convert",
  describe: "let pai apply a service that a script starts: writes its service.yaml, restarts nothing",
  options: {
    ...serviceOptions,
    ...choiceOptions,
    ...yesOption,
    "dry-run": { type: "boolean", default: false, describe: "print the new service.yaml, change nothing" },
  },
  examples: [
    ["paictl service convert -n zookeeper --dry-run", "what would be written"],
    ["paictl service convert -n zookeeper", "its objects change hands, and the plan is empty afterwards"],
  ],
  async run(options, { report, signal, output, print }) {
    const service = oneService(options["service-name"]);
    const dryRun = options["dry-run"];
    const { convertService } = await import("@pai/actions/deploy");
    const result = await withTarget(options, { report, signal }, (target) =>
      convertService({ ...target, service, dryRun, report, signal }),
    );
    const { file, text, isDone, plan, kept, fixed } = result;
    if (output === "json") {
      print(JSON.stringify({ type: "conversion", ...result }));
      return isDone || (dryRun && plan.objects.length === 0) ? 0 : 1;
    }
    if (isDone || dryRun) print(`# ${file}\n${text}`);
    for (const field of kept) print(`  kept   ${field}   (in no manifest)`);
    for (const job of fixed)
      print(`  fixed  ${job}   (the annotation pai.dev/recreate: "true" lets a start change it)`);
    if (plan.objects.length > 0) {
      print(
        [
          "not converted: these would change; start it from this tree first",
          ...formatObjects(plan.objects),
        ].join("\n"),
      );
      return 1;
    }
    if (isDone) print(`${file} is written; nothing to do for ${service}`);
    return 0;
  },
});
