import { command } from "@pai/cli";
import { parseDuration, serviceOptions, targetOf, timeoutOption } from "./options.ts";

export const refresh = command({
  command: "refresh",
  describe: "bring node labels up to date and run the services' refresh-scripts",
  options: { ...serviceOptions, ...timeoutOption },
  examples: [["paictl service refresh -n cluster-configuration", "after a change of layout.yaml"]],
  async run(options, { report, signal }) {
    const timeoutMs = parseDuration(options.timeout);
    const { refreshServices } = await import("@pai/actions/deploy");
    await refreshServices({ ...targetOf(options), withPrerequisites: false, timeoutMs, report, signal });
  },
});
