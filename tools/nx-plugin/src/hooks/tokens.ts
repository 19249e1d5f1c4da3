// What stands between Nx's cache and images that are gone. Every image has a token, which is an input of the
// builds that it goes into; a token is replaced when an image that was built under it is missing, and with it
// everything that Nx keeps under the old one.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

interface ImageToken {
  readonly token: string;
  /** All that builds under this token have made, and where it was seen last. */
  readonly references: Readonly<Record<string, "registry" | "engine">>;
}

export type ImageTokens = Readonly<Record<string, ImageToken>>;

/** More are not worth asking for at every command. */
const referencesAtMost = 4;

export interface Sighting {
  /** Image to the reference of its last build. */
  readonly receipts: ReadonlyMap<string, string>;
  /** Reference to where it is now. */
  readonly present: ReadonlyMap<string, "registry" | "engine">;
  readonly newToken: () => string;
}

/** The token of each image, kept where everything built under it is still where it was. */
export function nextTokens(images: Iterable<string>, known: ImageTokens, sighting: Sighting): ImageTokens {
  const { receipts, present, newToken } = sighting;
  const next: Record<string, ImageToken> = {};
  for (const image of images) {
    const before = known[image];
    const receipt = receipts.get(image);
    const references = new Set([
      ...Object.keys(before?.references ?? {}),
      ...(receipt === undefined ? [] : [receipt]),
    ]);
    const found = [...references].flatMap((reference) => {
      const where = present.get(reference);
      return where === undefined || hasLeftRegistry(before, reference, where)
        ? []
        : [[reference, where] as const];
    });
    const isWhole =
      receipt !== undefined && found.length === references.size && references.size <= referencesAtMost;
    next[image] =
      before && isWhole
        ? { token: before.token, references: Object.fromEntries(found) }
        : { token: newToken(), references: {} };
  }
  return next;
}

/** An image that others could pull is more than one that this engine has. */
function hasLeftRegistry(before: ImageToken | undefined, reference: string, where: string): boolean {
  return before?.references[reference] === "registry" && where !== "registry";
}

/** What cannot be read is as good as none: every token is then a new one. */
export function readTokens(file: string): ImageTokens {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ImageTokens;
  } catch {
    return {};
  }
}

export function writeTokens(file: string, tokens: ImageTokens): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(tokens));
  renameSync(temporary, file);
}
