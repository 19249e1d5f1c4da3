import { command } from "@pai/cli";
import { lookOptions, lookOf } from "./look-options.ts";

export const explain = command({
  command: "explain",
  describe: "say what differs between images as the tree makes them now and the newest in the registry",
  options: lookOptions,
  examples: [
    ["pai-build explain -s hbase", "why hbase is built again"],
    ["pai-build explain -i hadoop-run --output json", "one image, for a program"],
  ],
  async run(options, { report, signal, output, print }) {
    const { explainImages, formatExplanations } = await import("@pai/actions/images");
    const explanations = await explainImages({ ...lookOf(options), report, signal });
    if (output === "json")
      for (const each of explanations) print(JSON.stringify({ type: "explanation", ...each }));
    else print(formatExplanations(explanations, new Date()));
  },
});
