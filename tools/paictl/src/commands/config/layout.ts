import path from "node:path";
import { command } from "@pai/cli";
import { clusterOf, clusterOptions } from "./options.ts";

export const layout = command({
  command: "layout",
  describe: "write layout.yaml from the nodes of a cluster",
  options: {
    "output-path": {
      alias: "o",
      type: "string",
      nargs: 1,
      default: "configuration",
      describe: "folder for layout.yaml, relative to the root of the tree; - prints it",
    },
    force: { alias: "f", type: "boolean", default: false, describe: "replace a layout.yaml that is there" },
    ...clusterOptions,
  },
  examples: [["paictl layout -o configuration", "a first layout.yaml for the current cluster"]],
  async run(options, { report, signal, print }) {
    const { layoutOfCluster, writeNewFiles } = await import("@pai/actions/config");
    const cluster = clusterOf(options);
    const text = await layoutOfCluster({ ...cluster, report, signal });
    const folder = options["output-path"];
    if (folder === "-") {
      print(text.trimEnd());
      return;
    }
    const { root } = cluster;
    const [written] = await writeNewFiles(new Map([["layout.yaml", text]]), {
      root,
      folder,
      force: options.force,
    });
    print(
      `${written?.file ?? path.join(folder, "layout.yaml")}   ${written?.outcome === "kept" ? "kept; -f replaces it" : "written"}`,
    );
  },
});
