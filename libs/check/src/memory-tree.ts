import type { FileText, Tree } from "./tree.ts";

/** A tree that exists nowhere but in memory. */
export function memoryTree(files: Readonly<Record<string, string | FileText>>): Tree {
  const paths = Object.keys(files).toSorted();
  const isFolder = (folder: string): boolean => paths.some((file) => file.startsWith(`${folder}/`));
  return {
    list: (folder) => {
      const below = paths.filter((file) => file.startsWith(`${folder}/`));
      const names = new Set(below.map((file) => file.slice(folder.length + 1).split("/")[0] ?? ""));
      return [...names].map((name) => ({ name, kind: isFolder(`${folder}/${name}`) ? "folder" : "file" }));
    },
    exists: (file) => file in files || isFolder(file),
    read: (file) => {
      const content = files[file];
      if (content === undefined) return { kind: "missing" };
      return typeof content === "string" ? { kind: "text", text: content } : content;
    },
  };
}
