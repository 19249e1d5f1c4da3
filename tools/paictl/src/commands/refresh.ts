import { command } from "@pai/cli";
import { runOf, runOptions, withTarget } from "./options.ts";

export const refresh = command({
  command: "refresh",
  describe: "bring node labels up to date and run the services' refresh-scripts",
  options: runOptions,
  examples: [["paictl service refresh -n cluster-configuration", "after a change of layout.yaml"]],
  async run(options, { report, signal }) {
    const how = runOf(options);
    const { refreshServices } = await import("@pai/actions/deploy");
    await withTarget(options, { report, signal }, (target) =>
      refreshServices({ ...target, ...how, withPrerequisites: false, report, signal }),
    );
  },
});
