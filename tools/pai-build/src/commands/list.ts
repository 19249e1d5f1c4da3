import { command } from "@pai/cli";
import { lookOptions, lookOf } from "./look-options.ts";

export const list = command({
  command: "list",
  describe: "list the images of the tree, with their content tags and where they are already",
  options: lookOptions,
  examples: [
    ["pai-build list", "every image"],
    ["pai-build list -s hbase --output json", "the images of one service, one JSON object a line"],
  ],
  async run(options, { report, signal, output, print }) {
    const { listImages, formatImages } = await import("@pai/actions/images");
    const images = await listImages({ ...lookOf(options), report, signal });
    if (output === "json") for (const image of images) print(JSON.stringify({ type: "image", ...image }));
    else print(formatImages(images));
  },
});
