import { command } from "@pai/cli";
import { runOf, runOptions, withTarget } from "./options.ts";

export const upgrade = command({
  command: "upgrade",
  describe:
    "take running services to their new version with their upgraded-scripts, and wait as a start does",
  options: runOptions,
  examples: [
    ["paictl service upgrade -n hbase", "hbase alone; one without upgraded-script is started"],
    ["paictl service upgrade -n zookeeper --with-dependents", "and all that needs it, in order"],
  ],
  async run(options, { report, signal }) {
    const how = runOf(options);
    const { upgradeServices } = await import("@pai/actions/deploy");
    await withTarget(options, { report, signal }, (target) =>
      upgradeServices({ ...target, ...how, withPrerequisites: false, report, signal }),
    );
  },
});
