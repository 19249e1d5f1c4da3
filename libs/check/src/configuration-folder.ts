import { configurationFileNames } from "@pai/model";
import type { Tree } from "./tree.ts";

export interface ConfigurationFolder {
  /** Its own root, as it may lie outside of the tree of services. */
  readonly tree: Tree;
  /** Name of a file of it as findings show it. */
  readonly shown: (name: string) => string;
  /** The model file that stands in place of the configuration, so that nothing else of the folder is read. */
  readonly modelFile?: string;
}

/** Names of the files that may be in it. */
export function filesOf({ modelFile }: ConfigurationFolder): readonly string[] {
  return modelFile === undefined ? configurationFileNames : [modelFile];
}

/** Name of a file in the folder, by how findings show it; undefined for files of services. */
export function nameInFolder(configuration: ConfigurationFolder, file: string): string | undefined {
  return filesOf(configuration).find((name) => configuration.shown(name) === file);
}
