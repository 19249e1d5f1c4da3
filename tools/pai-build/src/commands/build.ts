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

export const build = command({
  command: "build",
  describe: "build images, bases first; what is built already is not built again",
  options: {
    ...treeOptions,
    ...serviceOption,
    ...singleImages,
    ...imageOptions,
    ...engineOptions,
    builder: {
      choices: ["auto", "buildkit", "classic"] as const,
      default: "auto" as const,
      describe: "auto: BuildKit where the engine has it, unless DOCKER_BUILDKIT=0",
    },
    cache: {
      type: "boolean",
      default: true,
      describe: "--no-cache builds the selected images again, every step; push them with --no-cache, too",
    },
    pull: { type: "boolean", default: false, describe: "ask registries anew what base images are" },
  },
  examples: [
    ["pai-build build -c configuration", "every image"],
    ["pai-build build -c configuration -s hbase zookeeper", "two services and what they start from"],
    ["pai-build build -i hadoop-run", "one image and what it starts from"],
    ["pai-build build -s hbase --build-arg VERSION=2.6.4", "a value for ARG VERSION"],
    ["pai-build build --engine tcp://build1:2376 --engine tcp://build2:2376", "on two machines"],
    ["pai-build build --lock-file images.lock.json --locked", "on the base images of the lock alone"],
    ["pai-build build -s web --secret id=npm,env=NPM_LOGIN", "for RUN --mount=type=secret,id=npm"],
  ],
  async run(options, { report, signal }) {
    const { buildServices } = await import("@pai/actions/build");
    const { service: services, image: images, builder, cache, pull } = options;
    const given = {
      ...treeOf(options),
      ...imageOptionsOf(options),
      ...engineOptionsOf(options),
      services,
      images,
      builder,
      pull,
    };
    await buildServices({ ...given, noCache: !cache, report, signal });
  },
});
