import type { Tree } from "./tree.ts";

const maxDepth = 8;

/** Files of a folder and its subfolders, relative to it. Links to folders are not followed in circles. */
export function filesBelow(tree: Tree, folder: string, depth = 0): string[] {
  if (depth > maxDepth) return [];
  return tree.list(folder).flatMap(({ name, kind }) => {
    if (kind === "file") return [name];
    return kind === "folder"
      ? filesBelow(tree, `${folder}/${name}`, depth + 1).map((each) => `${name}/${each}`)
      : [];
  });
}
