// The files of a build context, in the order and with the attributes they are hashed and sent with.
import { lstatSync, readdirSync, readlinkSync, statSync, type Stats } from "node:fs";
import path from "node:path";
import { PaiError } from "@pai/core";
import { readText } from "@pai/model";
import { judge, mustEnter, parseDockerignore, type IgnorePattern } from "./dockerignore.ts";
import { goesThroughLink, isCopied, isNear } from "./copied-paths.ts";
import { unreadable } from "./unreadable.ts";

export interface ContextEntry {
  /** In the context, with `/`. */
  readonly path: string;
  /** On disk, relative to the tree root. */
  readonly source: string;
  readonly type: "file" | "directory" | "symlink";
  /** 0o755 or 0o644: the rest of the mode differs between checkouts. */
  readonly mode: number;
  readonly size: number;
  readonly modified: number;
  readonly linkTarget?: string;
}

export interface ContextFolders {
  /** Absolute. */
  readonly root: string;
  /** Folders relative to the root and where they stand in the context (`""` for its top). Later ones win. */
  readonly folders: readonly { readonly source: string; readonly target: string }[];
  readonly ignore: readonly IgnorePattern[];
  /** What the Dockerfile copies: everything else is left out. */
  readonly paths: readonly string[];
}

/** Sorted by path, so that a folder precedes what is in it. What the Dockerfile does not copy is not even looked at. */
export function walkContext(context: ContextFolders): readonly ContextEntry[] {
  const { paths } = context;
  if (paths.includes(".")) return walk(context, () => true);
  const near = walk(context, (path) => isNear(path, paths));
  if (goesThroughLink(near, paths)) return walk(context, () => true);
  return near.filter(({ path }) => isCopied(path, paths));
}

function walk(
  { root, folders, ignore }: ContextFolders,
  isLookedAt: (path: string) => boolean,
): readonly ContextEntry[] {
  const found = new Map<string, ContextEntry>();
  const visit = (source: string, target: string, parentHits: readonly boolean[] | undefined): void => {
    for (const name of reading(source, () => readdirSync(path.join(root, source)))) {
      const at = { source: `${source}/${name}`, path: target === "" ? name : `${target}/${name}` };
      if (!isLookedAt(at.path)) continue;
      const { ignored, hits } = judge(ignore, at.path, parentHits);
      const stats = reading(at.source, () => lstatSync(path.join(root, at.source)));
      if (ignored && !(stats.isDirectory() && mustEnter(ignore, at.path))) continue;
      const entry = ignored ? undefined : entryOf(root, at, stats);
      if (entry) found.set(entry.path, entry);
      if (stats.isDirectory()) visit(at.source, at.path, hits);
    }
  };
  for (const { source, target } of folders) {
    if (target !== "" && !isLookedAt(target)) continue;
    const parents = target.split("/").filter(Boolean);
    let hits: readonly boolean[] | undefined;
    for (const [index] of parents.entries()) {
      const parent = parents.slice(0, index + 1).join("/");
      const verdict = judge(ignore, parent, hits);
      hits = verdict.hits;
      if (!verdict.ignored) found.set(parent, folderEntry(parent, source));
    }
    visit(source, target, hits);
  }
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Files, and folders with all that is in them, under their paths in the tree. Those that are links are followed. */
export function walkPaths(root: string, paths: readonly string[]): readonly ContextEntry[] {
  const found = paths.flatMap((source) => {
    const stats = reading(source, () => statSync(path.join(root, source)));
    if (!stats.isDirectory()) return entryOf(root, { source, path: source }, stats) ?? [];
    return walkContext({ root, folders: [{ source, target: source }], ignore: [], paths: ["."] });
  });
  const byPath = new Map(found.map((entry) => [entry.path, entry]));
  return [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** `<Dockerfile>.dockerignore` if there is one, else `.dockerignore` at the top of the context. */
export function readDockerignore(root: string, dockerfile: string, folder: string): IgnorePattern[] {
  for (const file of [`${dockerfile}.dockerignore`, `${folder}/.dockerignore`]) {
    const absolute = path.join(root, file);
    // Asked first: hardly any service has one, and an error of reading costs ten times as much as the question.
    const isThere = lstatSync(absolute, { throwIfNoEntry: false }) !== undefined;
    const text = isThere ? readText(absolute, file) : undefined;
    if (text !== undefined) return parseDockerignore(text, file);
  }
  return [];
}

function entryOf(
  root: string,
  at: { readonly source: string; readonly path: string },
  stats: Stats,
): ContextEntry | undefined {
  const common = { ...at, size: stats.size, modified: stats.mtimeMs };
  if (stats.isDirectory()) return { ...common, type: "directory", mode: 0o755, size: 0 };
  if (stats.isFile()) return { ...common, type: "file", mode: stats.mode & 0o100 ? 0o755 : 0o644 };
  if (stats.isSymbolicLink()) {
    const linkTarget = reading(at.source, () => readlinkSync(path.join(root, at.source)));
    return { ...common, type: "symlink", mode: 0o755, size: 0, linkTarget };
  }
  // Docker's client leaves sockets out as well: tar has no entry for them.
  if (stats.isSocket()) return undefined;
  throw new PaiError("BUILD_FAILED", `${at.source} cannot be part of a build context`, {
    cause: new Error(stats.isFIFO() ? "it is a named pipe" : "it is a device"),
    hint: "remove it, or name it in .dockerignore",
  });
}

function folderEntry(target: string, source: string): ContextEntry {
  return { path: target, source, type: "directory", mode: 0o755, size: 0, modified: 0 };
}

function reading<T>(source: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unreadable(source, cause);
  }
}
