import { command } from "@pai/cli";
import { serviceOption, treeOf, treeOptions } from "./options.ts";

export const build = command({
  command: "build",
  describe: "build images, bases first; what is built already is not built again",
  options: { ...treeOptions, ...serviceOption },
  examples: [
    ["pai-build build -c configuration", "every image"],
    ["pai-build build -c configuration -s hbase zookeeper", "two services and what they start from"],
  ],
  async run(options, { report, signal }) {
    const { buildServices } = await import("@pai/actions/build");
    await buildServices({ ...treeOf(options), services: options.service, report, signal });
  },
});
