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

export function treeOf({ root, configuration }: { root: string; configuration: string }): {
  root: string;
  configuration: string;
} {
  return { root: path.resolve(root), configuration };
}
