import { command } from "@pai/cli";
import { serviceOption, treeOf, treeOptions } from "./options.ts";

export const graph = command({
  command: "graph",
  describe: "show the order of builds and what each image waits for; asks neither engine nor registry",
  options: {
    ...treeOptions,
    ...serviceOption,
    format: {
      choices: ["text", "dot", "json"] as const,
      describe: "dot is for Graphviz; text when absent, or json with --output json",
    },
  },
  examples: [
    ["pai-build graph -s hbase", "hbase and all that it starts from"],
    ["pai-build graph --format dot | dot -Tsvg > images.svg", "a drawing"],
  ],
  async run(options, { report, output, print }) {
    const { formatDot, formatGraph, graphImages } = await import("@pai/actions/images");
    const nodes = await graphImages({ ...treeOf(options), services: options.service, report });
    const format = options.format ?? (output === "json" ? "json" : "text");
    if (format === "json") for (const node of nodes) print(JSON.stringify({ type: "image", ...node }));
    else print(format === "dot" ? formatDot(nodes) : formatGraph(nodes));
  },
});
