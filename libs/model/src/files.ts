import { lstatSync, readdirSync, readFileSync, type Dirent } from "node:fs";
import { PaiError } from "@pai/core";

// Configuration and services are thousands of small files at most: synchronous reading is several times
// faster for them, and nothing else waits meanwhile.

/** undefined when there is no such file; a link to nothing is an error. `name` is what messages call it. */
export function readText(file: string, name: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const isLink = isMissing(cause) && isThere(file);
    if (isMissing(cause) && !isLink) return undefined;
    const hint = isLink ? "it is a link to nothing: mend it, or remove it" : hintOf(cause);
    throw new PaiError("CONFIG_INVALID", `${name} cannot be read`, {
      cause,
      location: { file: name },
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** Also for a link that leads nowhere. */
function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function hintOf(error: unknown): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EISDIR") return "it is a folder where a file is expected: rename it, or remove it";
  if (code === "ELOOP") return "it is a link that leads to itself: mend it, or remove it";
  return code === "EACCES" || code === "EPERM" ? "make it readable for who runs this" : undefined;
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
