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

export const delete_ = command({
  command: "delete",
  describe: "stop services and delete their data",
  options: {
    ...serviceOptions,
    ...choiceOptions,
    ...timeoutOption,
    ...setOptions,
    ...manifestOptions,
    yes: { alias: "y", type: "boolean", default: false, describe: "do not ask" },
  },
  examples: [
    ["paictl service delete -n hbase", "asks, then deletes hbase and its data"],
    ["paictl service delete -n hbase --yes", "the same in a script"],
  ],
  async run(options, { report, signal, confirm, print }) {
    const timeoutMs = durationOf(options.timeout);
    const set = setOf(options);
    const what = options["service-name"]?.join(", ") ?? "every service";
    if (!options.yes && !(await confirm(`Delete ${what} and all its data?`, "--yes"))) {
      print("nothing was deleted");
      return;
    }
    const { deleteServices } = await import("@pai/actions/deploy");
    await withTarget(options, { report, signal }, (target) =>
      deleteServices({ ...target, ...set, timeoutMs, report, signal }),
    );
  },
});
