import { command } from "@pai/cli";
import {
  choiceOptions,
  durationOf,
  serviceOptions,
  setOf,
  setOptions,
  timeoutOption,
  manifestOptions,
  withTarget,
} from "./options.ts";

export const stop = command({
  command: "stop",
  describe: "stop services, each after those that need it; their data stays",
  options: { ...serviceOptions, ...choiceOptions, ...timeoutOption, ...setOptions, ...manifestOptions },
  examples: [
    ["paictl service stop -n hbase", "hbase alone"],
    ["paictl service stop", "every service"],
  ],
  async run(options, { report, signal }) {
    const timeoutMs = durationOf(options.timeout);
    const set = setOf(options);
    const { stopServices } = await import("@pai/actions/deploy");
    await withTarget(options, { report, signal }, (target) =>
      stopServices({ ...target, ...set, timeoutMs, report, signal }),
    );
  },
});
