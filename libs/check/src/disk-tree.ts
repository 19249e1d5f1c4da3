// Reads a tree that may be hostile: never outside its root, never a device or pipe, never without a limit.
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { maxFileSize, type Entry, type FileText, type Tree } from "./tree.ts";

/** Links may lead to anywhere below `within`. */
export function diskTree(root: string, within = root): Tree {
  const top: Top = {
    root: realpathSync.native(root),
    within: realpathSync.native(within),
    folders: new Map(),
  };
  const texts = new Map<string, FileText>();
  const lists = new Map<string, readonly Entry[]>();
  return {
    list: (folder) => remember(lists, folder, () => readFolder(top, folder)),
    exists: (relative) => findInside(top, relative) !== undefined,
    read: (relative) => remember(texts, relative, () => readText(top, relative)),
  };
}

interface Top {
  readonly root: string;
  readonly within: string;
  /** Where folders really are, by where they stand in the tree. */
  readonly folders: Map<string, string | undefined>;
}

function isInside({ within }: Top, real: string): boolean {
  return real === within || real.startsWith(within + path.sep);
}

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

/** Where it really is; undefined where nothing is. Most files are no links: one look each, not one at every folder above. */
function locate({ root, folders }: Top, relative: string): string | undefined {
  const whole = path.join(root, relative);
  const above = path.dirname(whole);
  if (!folders.has(above)) folders.set(above, realPathOf(above));
  const folder = folders.get(above);
  if (folder === undefined) return undefined;
  const there = path.join(folder, path.basename(whole));
  const stat = unlessMissing(() => lstatSync(there, { throwIfNoEntry: false }));
  return stat?.isSymbolicLink() ? realPathOf(there) : stat && there;
}

const realPathOf = (file: string): string | undefined => unlessMissing(() => realpathSync.native(file));

function unlessMissing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Undefined also for what leads out of the tree, through `..` or links. */
function findInside(top: Top, relative: string): string | undefined {
  try {
    const real = locate(top, relative);
    return real !== undefined && isInside(top, real) ? real : undefined;
  } catch {
    return undefined;
  }
}

function readFolder(top: Top, folder: string): readonly Entry[] {
  const real = findInside(top, folder);
  if (real === undefined) return [];
  try {
    return readdirSync(real, { withFileTypes: true })
      .map((entry): Entry => {
        const { name } = entry;
        if (entry.isFile()) return { name, kind: "file" };
        if (entry.isDirectory()) return { name, kind: "folder" };
        if (!entry.isSymbolicLink()) return { name, kind: "other" };
        return { name, kind: kindOfLink(top, `${folder}/${name}`), isLink: true };
      })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function kindOfLink(top: Top, relative: string): Entry["kind"] {
  const real = findInside(top, relative);
  if (real === undefined) return "other";
  const stat = statSync(real);
  return stat.isFile() ? "file" : stat.isDirectory() ? "folder" : "other";
}

function readText(top: Top, relative: string): FileText {
  let real: string | undefined;
  try {
    real = locate(top, relative);
  } catch (error) {
    const isLoop = (error as NodeJS.ErrnoException).code === "ELOOP";
    return {
      kind: "unreadable",
      reason: isLoop ? "is a link that leads to itself" : reasonOf(error),
    };
  }
  if (real === undefined) {
    const link = unlessMissing(() => lstatSync(path.join(top.root, relative)));
    return link ? { kind: "unreadable", reason: "is a link to nothing" } : { kind: "missing" };
  }
  if (!isInside(top, real)) return { kind: "outside", reason: "leads out of the tree" };
  try {
    return readLimited(real);
  } catch (error) {
    return { kind: "unreadable", reason: reasonOf(error) };
  }
}

function readLimited(real: string): FileText {
  // Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
  const descriptor = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) return { kind: "unreadable", reason: "is a folder, not a file" };
    if (!stat.isFile()) return { kind: "unreadable", reason: "is no regular file" };
    if (stat.size > maxFileSize) {
      return {
        kind: "unreadable",
        reason: `has ${megabytes(stat.size)}; ${megabytes(maxFileSize)} are read`,
      };
    }
    const buffer = Buffer.alloc(stat.size);
    const length = readSync(descriptor, buffer, 0, stat.size, 0);
    return decode(buffer.subarray(0, length));
  } finally {
    closeSync(descriptor);
  }
}

function decode(bytes: Uint8Array): FileText {
  if (bytes.includes(0)) return { kind: "unreadable", reason: "is binary, not text" };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { kind: "text", text };
  } catch {
    return { kind: "unreadable", reason: "is not UTF-8 text" };
  }
}

function megabytes(size: number): string {
  return `${Math.ceil(size / 1024 / 1024)} MB`;
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EACCES" || code === "EPERM"
    ? "is not readable for you"
    : `cannot be read (${code ?? "unknown"})`;
}
