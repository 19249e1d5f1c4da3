import { command } from "@pai/cli";
import { lookOptions, lookOf } from "./look-options.ts";

export const explain = command({
  command: "explain",
  describe: "say what differs between images as the tree makes them now and the newest in the registry",
  options: {
    ...lookOptions,
    deployed: {
      type: "boolean",
      describe: "also from what the cluster runs; if it answers, where this is not given",
    },
    kubeconfig: { type: "string", describe: "of the cluster" },
    context: { type: "string", describe: "of the cluster, a context of the kubeconfig" },
  },
  examples: [
    ["pai-build explain -s hbase", "why hbase is built again, and what a deployment would change"],
    ["pai-build explain -i hadoop-run --output json", "one image, for a program"],
  ],
  async run(options, { report, signal, output, print }) {
    const { explainImages, formatExplanations } = await import("@pai/actions/images");
    const { deployed, kubeconfig, context } = options;
    const explanations = await explainImages({
      ...lookOf(options),
      deployed,
      cluster: { kubeconfig, context },
      report,
      signal,
    });
    if (output === "json")
      for (const each of explanations) print(JSON.stringify({ type: "explanation", ...each }));
    else print(formatExplanations(explanations, new Date()));
  },
});
