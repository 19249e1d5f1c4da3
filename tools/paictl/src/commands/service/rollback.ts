import { command } from "@pai/cli";
import {
  choiceOptions,
  durationOf,
  serviceOptions,
  timeoutOption,
  withTarget,
  yesOption,
} from "../options.ts";
import { oneService } from "./one-service.ts";

export const rollback = command({
  command: "rollback",
  describe: "bring an earlier revision of a service back, as a new revision",
  options: {
    ...serviceOptions,
    ...choiceOptions,
    ...timeoutOption,
    ...yesOption,
    to: { type: "number", describe: "number of the revision; the last one that was ready when absent" },
  },
  examples: [
    ["paictl service rollback -n hbase", "to the revision before"],
    ["paictl service rollback -n hbase --to 4", "to revision 4; paictl service history shows all"],
  ],
  async run(options, { report, signal }) {
    const service = oneService(options["service-name"]);
    const timeoutMs = durationOf(options.timeout);
    const { rollbackService } = await import("@pai/actions/deploy");
    await withTarget(options, { report, signal }, (target) =>
      rollbackService({ ...target, service, to: options.to, timeoutMs, report, signal }),
    );
  },
});
