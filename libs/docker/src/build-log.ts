import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";

export interface BuildLog {
  readonly write: (line: string) => void;
  readonly close: () => void;
}

/** The whole output of one build, there for whoever looks even while it runs. Replaces the last one. */
export function openBuildLog(file: string): BuildLog {
  mkdirSync(path.dirname(file), { recursive: true });
  const descriptor = openSync(file, "w");
  return {
    write: (line) => void writeSync(descriptor, `${line}\n`),
    close: () => closeSync(descriptor),
  };
}
