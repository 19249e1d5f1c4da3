import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";

export interface BuildLog {
  /** Relative to the tree root, for messages. */
  readonly name: string;
  readonly write: (line: string) => void;
  readonly close: () => void;
}

/** The whole output of one build, there for whoever looks even while it runs. Replaces the last one. */
export function openBuildLog(root: string, name: string): BuildLog {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  const descriptor = openSync(file, "w");
  return {
    name,
    write: (line) => void writeSync(descriptor, `${line}\n`),
    close: () => closeSync(descriptor),
  };
}
