import type { Tree } from "./tree.ts";

/** Files of a folder and its subfolders, relative to it. Links to folders are not followed: they may lead in circles. */
export function filesBelow(tree: Tree, folder: string): string[] {
  return tree.list(folder).flatMap(({ name, kind, isLink = false }) => {
    if (kind === "file") return [name];
    if (kind !== "folder" || isLink) return [];
    return filesBelow(tree, `${folder}/${name}`).map((each) => `${name}/${each}`);
  });
}
