import { command } from "@pai/cli";
import { parseDuration, serviceOptions, targetOf, timeoutOption } from "./options.ts";

export const stop = command({
  command: "stop",
  describe: "stop services, each after those that need it; their data stays",
  options: { ...serviceOptions, ...timeoutOption },
  examples: [
    ["paictl service stop -n hbase", "hbase alone"],
    ["paictl service stop", "every service"],
  ],
  async run(options, { report, signal }) {
    const timeoutMs = parseDuration(options.timeout);
    const { stopServices } = await import("@pai/actions/deploy");
    await stopServices({ ...targetOf(options), timeoutMs, report, signal });
  },
});
