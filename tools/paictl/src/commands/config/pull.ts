import path from "node:path";
import { command } from "@pai/cli";
import { clusterOf, clusterOptions, idOf, idOptions } from "./options.ts";

export const pull = command({
  command: "pull",
  describe: "write the configuration that the cluster keeps to a folder",
  options: {
    "config-output-path": {
      alias: "o",
      type: "string",
      demandOption: true,
      describe: "folder, relative to the root of the tree",
    },
    ...clusterOptions,
    ...idOptions,
  },
  examples: [["paictl config pull -o /tmp/pushed --cluster-id pai", "what was pushed last"]],
  async run(options, context) {
    const { differingNames, pullConfiguration, readConfigurationTexts, writeConfigurationTexts } =
      await import("@pai/actions/config");
    const cluster = clusterOf(options);
    const { report, signal, confirm, print } = context;
    const folder = path.resolve(cluster.root, options["config-output-path"]);
    const pushed = await pullConfiguration({ ...cluster, ...idOf(options, context), report, signal });
    const there = await readConfigurationTexts(folder);
    const lost = differingNames(pushed, there).filter((name) => pushed.has(name) && there.has(name));
    if (
      lost.length > 0 &&
      !options.yes &&
      !(await confirm(`Replace ${lost.join(", ")}, which differ?`, "--yes"))
    ) {
      print("nothing was written");
      return;
    }
    await writeConfigurationTexts(folder, pushed);
    for (const name of pushed.keys()) print(path.join(options["config-output-path"], name));
  },
});
