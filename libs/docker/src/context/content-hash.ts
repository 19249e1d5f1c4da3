import { createHash, hash as hashOf } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { unreadable } from "./unreadable.ts";
import type { ContextEntry } from "./walk.ts";

/** Everything that decides what an image contains. */
export interface ImageInputs {
  readonly entries: readonly ContextEntry[];
  /** Text of the Dockerfile and where it stands in the context. */
  readonly dockerfile: { readonly path: string; readonly text: string };
  /** Each image that the Dockerfile starts from, with what it stands for now: a digest or a content tag. */
  readonly bases: readonly { readonly reference: string; readonly identity: string }[];
  /** Scripts that run before or after the build, by name. */
  readonly hooks: readonly { readonly name: string; readonly text: string }[];
  /** What these read outside of the context. */
  readonly hookReads: readonly ContextEntry[];
  readonly network: string;
  /** What else was set for the build, by name. */
  readonly settings: Readonly<Record<string, string>>;
}

// Raised when a change of ours makes other images from the same inputs.
const epoch = "pai 1";
const chunkBytes = 1 << 20;

/**
 * `c-` and 16 hex digits: the tag under which the image is known in the registry. `read` gives a file's
 * hash; the default reads the disk below `root`.
 */
export function contentTag(inputs: ImageInputs, read: (entry: ContextEntry) => string): string {
  const sum = createHash("sha256");
  // Length before text: no two lists of parts may give the same bytes.
  const add = (...parts: readonly string[]): void => {
    for (const part of parts) sum.update(`${Buffer.byteLength(part)}:${part}`);
  };
  add(epoch, inputs.network, inputs.dockerfile.path, inputs.dockerfile.text);
  for (const { reference, identity } of inputs.bases) add("base", reference, identity);
  for (const { name, text } of inputs.hooks) add("hook", name, text);
  for (const name of Object.keys(inputs.settings).toSorted()) add("set", name, inputs.settings[name] ?? "");
  const addEntry = (entry: ContextEntry): void => {
    add(entry.type, entry.path, entry.mode.toString(8));
    if (entry.type === "file") add(read(entry));
    if (entry.linkTarget !== undefined) add(entry.linkTarget);
  };
  for (const entry of inputs.hookReads) {
    add("read");
    addEntry(entry);
  }
  for (const entry of inputs.entries) if (entry.path !== inputs.dockerfile.path) addEntry(entry);
  return `c-${sum.digest("hex").slice(0, 16)}`;
}

/**
 * Reads each file once. Synchronous on purpose: for many small files it is five times faster than streams or
 * threads.
 */
export function fileHasher(root: string): (entry: ContextEntry) => string {
  const known = new Map<string, string>();
  return ({ source, size }) => {
    const found = known.get(source) ?? hashFile(root, source, size);
    known.set(source, found);
    return found;
  };
}

function hashFile(root: string, source: string, size: number): string {
  try {
    const file = path.join(root, source);
    return size <= chunkBytes ? hashOf("sha256", readFileSync(file), "hex") : hashInChunks(file);
  } catch (cause) {
    throw unreadable(source, cause);
  }
}

function hashInChunks(file: string): string {
  const sum = createHash("sha256");
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const descriptor = openSync(file, "r");
  try {
    for (let size = readSync(descriptor, chunk); size > 0; size = readSync(descriptor, chunk))
      sum.update(chunk.subarray(0, size));
  } finally {
    closeSync(descriptor);
  }
  return sum.digest("hex");
}
