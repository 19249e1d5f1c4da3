import { command } from "@pai/cli";
import { choiceOptions, serviceOptions, withTarget } from "./options.ts";

export const events = command({
  command: "events",
  describe: "show what the cluster knows to have happened to the services, oldest first",
  options: { ...serviceOptions, ...choiceOptions },
  examples: [["paictl service events -n hbase", "of hbase, its replica sets and its pods"]],
  async run(options, { report, signal, output, print }) {
    const { serviceEvents } = await import("@pai/actions/deploy");
    const found = await withTarget(options, { report, signal }, (target) =>
      serviceEvents({ ...target, report, signal }),
    );
    for (const { time, type: level, reason, about, message, service } of found) {
      print(
        output === "json"
          ? JSON.stringify({ type: "cluster-event", service, time, level, reason, about, message })
          : `${time.slice(0, 19)}Z  ${level.padEnd(7)}  ${about}  ${reason}: ${message}`,
      );
    }
    if (found.length === 0 && output !== "json") print("no events: a cluster forgets them after an hour");
  },
});
