import path from "node:path";

/** Options that every command has. */
export const treeOptions = {
  configuration: {
    alias: "c",
    type: "string",
    default: "configuration",
    describe: "configuration directory, relative to the root of the tree",
  },
  root: {
    type: "string",
    default: ".",
    describe: "root of the tree, the folder that holds src",
  },
} as const;

export const serviceOption = {
  service: {
    alias: "s",
    type: "string",
    array: true,
    describe: "services, such as -s hbase zookeeper; all when absent",
  },
} as const;

export const singleImages = {
  image: {
    alias: "i",
    type: "string",
    array: true,
    conflicts: "service",
    describe: "single images, in place of all those of the services",
  },
} as const;

/** Part of what an image is: a push finds what was built with the same ones. */
export const imageOptions = {
  "build-arg": {
    type: "string",
    array: true,
    describe: "NAME=value for the Dockerfiles that declare ARG NAME, or NAME for the environment's value",
  },
  target: { type: "string", describe: "stage to build, of the selected images that have it" },
  platform: { type: "string", describe: "such as linux/arm64; the engine's own when absent" },
  secret: {
    type: "string",
    array: true,
    describe: "id=NAME,src=FILE or id=NAME,env=VARIABLE for RUN --mount=type=secret,id=NAME",
  },
  network: { type: "string", describe: "network of RUN steps; host when absent" },
} as const;

export function imageOptionsOf(options: {
  readonly "build-arg": string[] | undefined;
  readonly target: string | undefined;
  readonly platform: string | undefined;
  readonly secret: string[] | undefined;
  readonly network: string | undefined;
}) {
  const { target, platform, secret: secrets, network } = options;
  return { buildArgs: options["build-arg"], target, platform, secrets, network };
}

/** Which engines, and which base images. */
export const engineOptions = {
  engine: {
    type: "string",
    array: true,
    describe: "address or Docker context of an engine; several share the work [env: PAI_ENGINES]",
  },
  "lock-file": {
    type: "string",
    describe: "digests of the base images; dist/images/lock.json when absent",
  },
  locked: {
    type: "boolean",
    default: false,
    describe: "base images exactly as the lock file has them; one that it lacks is an error",
  },
} as const;

export function engineOptionsOf(options: {
  readonly engine: string[] | undefined;
  readonly "lock-file": string | undefined;
  readonly locked: boolean;
}) {
  const { engine: engines, locked } = options;
  return { engines, lockFile: options["lock-file"], locked };
}

export function treeOf({ root, configuration }: { root: string; configuration: string }): {
  root: string;
  configuration: string;
} {
  return { root: path.resolve(root), configuration };
}
