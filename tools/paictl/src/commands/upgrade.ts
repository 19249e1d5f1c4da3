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

export const upgrade = command({
  command: "upgrade",
  describe:
    "take running services to their new version with their upgraded-scripts, and wait as a start does",
  options: { ...serviceOptions, ...choiceOptions, ...timeoutOption, ...manifestOptions, ...setOptions },
  examples: [
    ["paictl service upgrade -n hbase", "hbase alone; one without upgraded-script is started"],
    ["paictl service upgrade -n zookeeper --with-dependents", "and all that needs it, in order"],
  ],
  async run(options, { report, signal }) {
    const timeoutMs = durationOf(options.timeout);
    const set = setOf(options);
    const { upgradeServices } = await import("@pai/actions/deploy");
    await withTarget(options, { report, signal }, (target) =>
      upgradeServices({ ...target, ...set, withPrerequisites: false, timeoutMs, report, signal }),
    );
  },
});
