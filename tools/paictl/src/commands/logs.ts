import { command } from "@pai/cli";
import { PaiError } from "@pai/core";
import { choiceOptions, serviceOptions, withTarget } from "./options.ts";

export const logs = command({
  command: "logs",
  describe: "print what the services' pods print",
  options: {
    ...serviceOptions,
    ...choiceOptions,
    follow: {
      alias: "f",
      type: "boolean",
      default: false,
      describe: "go on, also with pods that come later",
    },
    previous: {
      type: "boolean",
      default: false,
      describe: "of the containers before their last restart",
    },
    tail: { type: "number", describe: "how many lines of each container; all when absent" },
  },
  examples: [
    ["paictl service logs -n hbase -f", "until Ctrl-C"],
    ["paictl service logs -n hbase --previous --tail 50", "why it restarted"],
  ],
  async run(options, { report, signal, output, print }) {
    const { follow, previous, tail } = options;
    if (!options["service-name"])
      throw new PaiError("USAGE", "say which services: -n hbase", { hint: "-n all means every one" });
    if (follow && previous)
      throw new PaiError(
        "USAGE",
        "-f and --previous exclude each other: a log that ended gets no more lines",
      );
    const { serviceLogs } = await import("@pai/actions/deploy");
    await withTarget(options, { report, signal }, (target) =>
      serviceLogs({
        ...target,
        follow,
        previous,
        tail,
        report,
        signal,
        onLine: ({ pod, container, text }) =>
          print(
            output === "json"
              ? JSON.stringify({ type: "log", pod, container, text })
              : `${pod} ${container} │ ${text}`,
          ),
      }),
    );
  },
});
