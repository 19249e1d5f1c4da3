/** The files of a tree as the rules see them; paths are relative to the root, with `/`. */
export interface Tree {
  /** Sorted; empty when there is no such folder. */
  readonly list: (folder: string) => readonly Entry[];
  readonly exists: (path: string) => boolean;
  /** The same answer every time. */
  readonly read: (path: string) => FileText;
}

export interface Entry {
  readonly name: string;
  /** Of what it leads to, if it is a link. `other` also for what lies outside. */
  readonly kind: "file" | "folder" | "other";
  readonly isLink?: boolean;
}

export type FileText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  /** Leads out of the tree. */
  | { readonly kind: "outside"; readonly reason: string }
  /** Too large, no text, not readable. */
  | { readonly kind: "unreadable"; readonly reason: string };

/** Nothing in a tree that people write comes near it, and Kubernetes refuses objects above 1.5 MB. */
export const maxFileSize = 2 * 1024 * 1024;

export function textIn(tree: Tree, path: string): string | undefined {
  const file = tree.read(path);
  return file.kind === "text" ? file.text : undefined;
}
