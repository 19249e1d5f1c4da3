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

export const refresh = command({
  command: "refresh",
  describe: "bring node labels up to date and run the services' refresh-scripts",
  options: { ...serviceOptions, ...choiceOptions, ...timeoutOption, ...setOptions, ...manifestOptions },
  examples: [["paictl service refresh -n cluster-configuration", "after a change of layout.yaml"]],
  async run(options, { report, signal }) {
    const timeoutMs = durationOf(options.timeout);
    const set = setOf(options);
    const { refreshServices } = await import("@pai/actions/deploy");
    await withTarget(options, { report, signal }, (target) =>
      refreshServices({ ...target, ...set, withPrerequisites: false, timeoutMs, report, signal }),
    );
  },
});
