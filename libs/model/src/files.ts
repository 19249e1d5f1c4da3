import { readdirSync, readFileSync, type Dirent } from "node:fs";
import { PaiError } from "@pai/core";

// Configuration and services are thousands of small files at most: synchronous reading is several times
// faster for them, and nothing else waits meanwhile.

/** undefined when there is no such file. `name` is what messages call it. */
export function readText(file: string, name: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new PaiError("CONFIG_INVALID", `${name} cannot be read`, { cause, location: { file: name } });
  }
}

/** undefined when there is no such folder. */
export function readFolder(folder: string, name: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new PaiError("CONFIG_INVALID", `the folder ${name} cannot be read`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
