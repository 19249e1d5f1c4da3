import { PaiError } from "@pai/core";
import { command } from "@pai/cli";
import { serviceOption, treeOf, treeOptions } from "./options.ts";

export const push = command({
  command: "push",
  describe: "push built images to the configuration's registry; what is there already is not pushed again",
  options: {
    ...treeOptions,
    ...serviceOption,
    image: {
      alias: "i",
      type: "string",
      array: true,
      describe: "single images, in place of all those of the services",
    },
  },
  examples: [
    ["pai-build push -c configuration", "every image"],
    ["pai-build push -c configuration -i hbase", "one image"],
  ],
  async run(options, { report, signal }) {
    const { service: services, image: images } = options;
    if (services && images) throw new PaiError("USAGE", "-s and -i cannot be given together");
    const { pushServices } = await import("@pai/actions/build");
    await pushServices({ ...treeOf(options), services, images, report, signal });
  },
});
