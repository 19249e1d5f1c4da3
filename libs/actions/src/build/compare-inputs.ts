import { foldFiles, inputKinds, type InputKind, type Inputs } from "./inputs.ts";

/** One input of an image that is not what it was. */
export interface InputChange {
  readonly kind: InputKind;
  readonly name: string;
  /** Absent when it was not there before. */
  readonly old?: string;
  /** Absent when it is gone. */
  readonly new?: string;
}

/** What differs, by kind, and by name within a kind. */
export function compareInputs(old: Inputs, current: Inputs): InputChange[] {
  return inputKinds.flatMap((kind) => {
    const isFolded = kind === "file" || kind === "read";
    return compareNames(kind, old[kind], isFolded ? foldLike(current[kind], old[kind]) : current[kind]);
  });
}

/** Where the old list tells folders as one, the new one has to do the same to be comparable. */
function foldLike(
  files: Readonly<Record<string, string>>,
  pattern: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const folders = Object.keys(pattern).filter((name) => name.endsWith("/"));
  if (folders.length === 0) return files;
  return foldFiles(files, (name) => folders.find((folder) => folder === "/" || name.startsWith(folder)));
}

function compareNames(
  kind: InputKind,
  old: Readonly<Record<string, string>>,
  current: Readonly<Record<string, string>>,
): InputChange[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(current)])].toSorted();
  return names.flatMap((name) => {
    const [before, after] = [old[name], current[name]];
    if (before === after) return [];
    return [
      {
        kind,
        name,
        ...(before === undefined ? {} : { old: before }),
        ...(after === undefined ? {} : { new: after }),
      },
    ];
  });
}
