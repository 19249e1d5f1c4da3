import { command } from "@pai/cli";
import { choiceOptions, durationOf, serviceOptions, timeoutOption, withTarget } from "./options.ts";

export const start = command({
  command: "start",
  describe: "start services, each as soon as its prerequisites are ready",
  options: {
    ...serviceOptions,
    ...choiceOptions,
    ...timeoutOption,
    deps: {
      type: "boolean",
      default: true,
      describe: "also start what the services need; --no-deps does not",
    },
  },
  examples: [
    ["paictl service start -n hbase", "hbase and what it needs"],
    ["paictl service start -n hbase --no-deps", "hbase alone"],
    ["paictl service start --context staging", "every service, on another cluster of the kubeconfig"],
  ],
  async run(options, { report, signal }) {
    const timeoutMs = durationOf(options.timeout);
    const { startServices } = await import("@pai/actions/deploy");
    await withTarget(options, { report, signal }, (target) =>
      startServices({ ...target, withPrerequisites: options.deps, timeoutMs, report, signal }),
    );
  },
});
