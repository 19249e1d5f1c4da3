import { command } from "@pai/cli";
import {
  engineOptions,
  engineOptionsOf,
  imageOptions,
  imageOptionsOf,
  serviceOption,
  singleImages,
  treeOf,
  treeOptions,
} from "./options.ts";

export const push = command({
  command: "push",
  describe: "push built images to the configuration's registry; what is there already is not pushed again",
  options: {
    ...treeOptions,
    ...serviceOption,
    ...singleImages,
    ...imageOptions,
    ...engineOptions,
    cache: {
      type: "boolean",
      default: true,
      describe: "--no-cache sends images that were built with --no-cache in place of the registry's",
    },
    tag: {
      type: "string",
      array: true,
      describe: "release tags, in place of the configuration's",
    },
    registry: {
      type: "string",
      array: true,
      describe: "HOST/NAMESPACE to push to, in place of the configuration's registry and mirrors",
    },
  },
  examples: [
    ["pai-build push -c configuration", "every image"],
    ["pai-build push -c configuration -i hbase", "one image"],
    ["pai-build push --tag 1.4 --tag stable", "with these release tags"],
    ["pai-build push --registry staging.example/pai", "to another registry; it need not be built here again"],
  ],
  async run(options, { report, signal }) {
    const { service: services, image: images, tag: tags, registry: registries } = options;
    const { pushServices } = await import("@pai/actions/build");
    const tree = { ...treeOf(options), ...imageOptionsOf(options), ...engineOptionsOf(options) };
    const given = { ...tree, services, images, tags, registries };
    await pushServices({ ...given, noCache: !options.cache, report, signal });
  },
});
