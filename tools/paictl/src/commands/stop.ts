import { command } from "@pai/cli";
import { runOf, runOptions, withTarget } from "./options.ts";

export const stop = command({
  command: "stop",
  describe: "stop services, each after those that need it; their data stays",
  options: runOptions,
  examples: [
    ["paictl service stop -n hbase", "hbase alone"],
    ["paictl service stop", "every service"],
  ],
  async run(options, { report, signal }) {
    const how = runOf(options);
    const { stopServices } = await import("@pai/actions/deploy");
    await withTarget(options, { report, signal }, (target) =>
      stopServices({ ...target, ...how, report, signal }),
    );
  },
});
