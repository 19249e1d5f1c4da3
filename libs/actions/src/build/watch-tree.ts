import { lstatSync, readdirSync } from "node:fs";
import path from "node:path";

/** Not source: what tools make and keep. Names with a dot in front are left out as well. */
const notSource: ReadonlySet<string> = new Set(["dist", "node_modules"]);

/** Remembers the source files below a folder; the function returned names those that are other ones since. */
export function watchTree(root: string): () => readonly string[] {
  const before = stampsOf(root);
  return () => {
    const after = stampsOf(root);
    const changed = [...after].filter(([file, stamp]) => before.get(file) !== stamp).map(([file]) => file);
    const gone = [...before.keys()].filter((file) => !after.has(file));
    return [...changed, ...gone].toSorted();
  };
}

function stampsOf(root: string): ReadonlyMap<string, string> {
  const stamps = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      if (entry.name.startsWith(".") || (folder === "" && notSource.has(entry.name))) continue;
      const file = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) visit(file);
      else {
        const stats = lstatSync(path.join(root, file), { throwIfNoEntry: false });
        if (stats) stamps.set(file, `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.mode}`);
      }
    }
  };
  visit("");
  return stamps;
}
