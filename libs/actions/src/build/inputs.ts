// What an image was made of, small enough to travel with it: as a label it is in the registry wherever the
// image is, so that two states of an image can be compared without either tree.
import { hash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { ContextEntry } from "@pai/docker";

export const inputKinds = ["dockerfile", "base", "file", "hook", "read", "setting"] as const;
export type InputKind = (typeof inputKinds)[number];

/**
 * Per kind, names and what they stood for; `read` is what hooks read outside of the context. A file has the
 * first digits of its hash, and `x` when it can be executed; a folder whose name ends in `/` stands for all
 * files below it.
 */
export type Inputs = Readonly<Record<InputKind, Readonly<Record<string, string>>>>;

// containerd leaves longer labels out of its containers and says so in its log each time.
const longestLabel = 4000;
const digits = 12;

export interface InputSources {
  readonly entries: readonly ContextEntry[];
  readonly dockerfile: { readonly path: string; readonly text: string };
  readonly bases: readonly { readonly reference: string; readonly identity: string }[];
  readonly hooks: readonly { readonly name: string; readonly text: string }[];
  readonly hookReads: readonly ContextEntry[];
  /** Other things that the content tag depends on, as people give them. */
  readonly settings: Readonly<Record<string, string>>;
  /** A file's hash, in hex. */
  readonly hashFile: (entry: ContextEntry) => string;
}

export function inputsOf(sources: InputSources): Inputs {
  const { entries, dockerfile, bases, hooks, hookReads, settings, hashFile } = sources;
  const copied = entries.filter(({ path }) => path !== dockerfile.path);
  return {
    dockerfile: { [dockerfile.path]: shortHash(dockerfile.text) },
    base: Object.fromEntries(bases.map(({ reference, identity }) => [reference, identity])),
    file: filesOf(copied, hashFile),
    hook: Object.fromEntries(hooks.map(({ name, text }) => [name, shortHash(text)])),
    read: filesOf(hookReads, hashFile),
    setting: Object.fromEntries(
      // What an argument holds is nobody's business who only looks at the image.
      Object.entries(settings).map(([name, value]) => [
        name,
        name.startsWith("ARG ") ? shortHash(value) : value,
      ]),
    ),
  };
}

function filesOf(
  entries: readonly ContextEntry[],
  hashFile: InputSources["hashFile"],
): Readonly<Record<string, string>> {
  const filled = new Set(entries.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf("/")))));
  return Object.fromEntries(
    entries.flatMap((entry): [string, string][] => {
      if (entry.type === "directory") return filled.has(entry.path) ? [] : [[entry.path, "empty folder"]];
      if (entry.type === "symlink") return [[entry.path, `link to ${entry.linkTarget ?? ""}`]];
      return [[entry.path, `${hashFile(entry).slice(0, digits)}${entry.mode & 0o100 ? "x" : ""}`]];
    }),
  );
}

/** The text of a label. Where there are too many files, the deepest folders are told as one, then those above. */
export function encodeInputs(inputs: Inputs, limit = longestLabel): string {
  const depthOf = (name: string): number => name.split("/").length;
  const { file, read } = inputs;
  let text = pack(inputs);
  const depths = Object.keys({ ...file, ...read }).map(depthOf);
  for (let depth = Math.max(0, ...depths) - 1; text.length > limit && depth >= 0;) {
    const folderOf = (name: string): string | undefined => folderAt(name, depth);
    text = pack({ ...inputs, file: foldFiles(file, folderOf), read: foldFiles(read, folderOf) });
    depth -= 1;
  }
  return text;
}

/** Undefined for a text that encodeInputs did not make. */
export function decodeInputs(text: string): Inputs | undefined {
  try {
    const found = JSON.parse(inflateRawSync(Buffer.from(text, "base64url")).toString()) as Partial<Inputs>;
    return { dockerfile: {}, base: {}, file: {}, hook: {}, read: {}, setting: {}, ...found };
  } catch {
    return undefined;
  }
}

/** Files for which `folderOf` names a folder become one entry of that folder. */
export function foldFiles(
  files: Readonly<Record<string, string>>,
  folderOf: (name: string) => string | undefined,
): Record<string, string> {
  const kept: Record<string, string> = {};
  const folders = new Map<string, string[]>();
  for (const [name, value] of Object.entries(files)) {
    const folder = folderOf(name);
    if (folder === undefined) {
      kept[name] = value;
      continue;
    }
    const lines = folders.get(folder) ?? [];
    lines.push(`${name}\n${value}`);
    folders.set(folder, lines);
  }
  for (const [folder, lines] of folders) kept[folder] = shortHash(lines.toSorted().join("\n"));
  return kept;
}

/** `a/b/` for `a/b/c/d` at depth 2; none for what is not that deep. */
function folderAt(name: string, depth: number): string | undefined {
  const parts = name.split("/");
  return parts.length <= depth ? undefined : `${parts.slice(0, depth).join("/")}/`;
}

function pack(inputs: Inputs): string {
  const filled = Object.fromEntries(
    Object.entries(inputs).filter(([, names]) => Object.keys(names).length > 0),
  );
  return deflateRawSync(JSON.stringify(filled), { level: 9 }).toString("base64url");
}

function shortHash(text: string): string {
  return hash("sha256", text, "hex").slice(0, digits);
}
