import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Renamed into place: others may be reading, and a run that is cut off never leaves half a file. */
export function writeJsonFile(file: string, value: unknown): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(value, undefined, 2)}\n`);
  renameSync(temporary, file);
}
