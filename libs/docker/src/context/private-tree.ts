// A copy of one service for its build hooks, so that they never write to the checkout. It looks like the
// whole tree: hooks copy from ../../../docs and the like, so the depth and the neighbours must be there.
import { cpSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";

export interface PrivateTree {
  /** Absolute; where hooks run. */
  readonly root: string;
  /** The copied service, relative to the real tree's root. */
  readonly folder: string;
  readonly remove: () => void;
}

export interface PrivateTreeOptions {
  /** Absolute. */
  readonly root: string;
  /** Relative to the root; replaced if it is there. */
  readonly target: string;
  /** `src/<service>` */
  readonly folder: string;
  /** What is copied into the service beside its own files. */
  readonly folders: readonly { readonly source: string; readonly target: string }[];
}

export function makePrivateTree({ root, target, folder, folders }: PrivateTreeOptions): PrivateTree {
  const shadow = path.join(root, target);
  const remove = (): void => rmSync(shadow, { recursive: true, force: true });
  remove();
  mkdirSync(path.join(shadow, "src"), { recursive: true });
  const top = target.split("/")[0];
  const link = (relative: string): void =>
    symlinkSync(path.join(root, relative), path.join(shadow, relative));
  for (const name of readdirSync(root)) if (name !== "src" && name !== top) link(name);
  for (const name of readdirSync(path.join(root, "src"))) if (`src/${name}` !== folder) link(`src/${name}`);
  for (const each of folders) {
    cpSync(path.join(root, each.source), path.join(shadow, folder, each.target), {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
      filter: (source) => {
        const stats = lstatSync(source);
        return stats.isFile() || stats.isDirectory() || stats.isSymbolicLink();
      },
    });
  }
  return { root: shadow, folder: `${target}/${folder}`, remove };
}
