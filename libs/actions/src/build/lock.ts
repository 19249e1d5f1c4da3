// What the images that the tree starts from and does not make stand for, kept from one run to another.
import { readFileSync } from "node:fs";
import path from "node:path";
import { PaiError } from "@pai/core";
import { writeJsonFile } from "./write-json.ts";

/** What every action on images takes. */
export interface LockOptions {
  /** Relative to the root, or absolute; `dist/images/lock.json` when absent. */
  readonly lockFile?: string | undefined;
  /** Base images are exactly those of the lock: one that it lacks is an error. */
  readonly locked?: boolean | undefined;
}

export interface LockedBase {
  /** A digest, or the engine's id of an image that has none. */
  readonly identity: string;
  /** Whether the identity is a digest, by which any engine can pull the image. */
  readonly kind: "digest" | "id";
}

export interface BaseLock {
  readonly file: string;
  readonly locked: boolean;
  readonly find: (reference: string) => LockedBase | undefined;
  /** Notes what a reference stands for now. Writes the file where that is news. */
  readonly record: (reference: string, base: LockedBase) => void;
}

interface LockFile {
  /** By the reference that Dockerfiles name. */
  readonly images: Readonly<Record<string, { digest?: string; id?: string; since: string }>>;
}

const defaultFile = "dist/images/lock.json";

/** `readOnly`, for what only looks, never writes the file. */
export function openLock(
  root: string,
  { lockFile = defaultFile, locked = false }: LockOptions,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): BaseLock {
  const absolute = path.resolve(root, lockFile);
  const images = new Map(Object.entries(readLock(absolute, lockFile, locked)));
  const find = (reference: string): LockedBase | undefined => {
    const { digest, id } = images.get(reference) ?? {};
    if (digest !== undefined) return { kind: "digest", identity: digest };
    return id === undefined ? undefined : { kind: "id", identity: id };
  };
  return {
    file: lockFile,
    locked,
    find,
    record: (reference, { kind, identity }) => {
      if (readOnly || locked || find(reference)?.identity === identity) return;
      images.set(reference, { [kind]: identity, since: new Date().toISOString() });
      // Other builds of the same tree, as Nx runs them, may have added to it since.
      const others = Object.entries(readLock(absolute, lockFile, locked));
      writeLock(absolute, new Map([...others, ...images]));
    },
  };
}

function readLock(file: string, name: string, locked: boolean): LockFile["images"] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT")
      throw new PaiError("CONFIG_INVALID", `read ${name}`, { cause });
    if (!locked) return {};
    throw new PaiError("CONFIG_INVALID", `--locked: there is no ${name}`, {
      hint: "a build without --locked writes it",
    });
  }
  try {
    const { images } = JSON.parse(text) as Partial<LockFile>;
    if (typeof images === "object" && images !== null) return images;
    throw new TypeError('it has no "images"');
  } catch (cause) {
    throw new PaiError("CONFIG_INVALID", `${name} is no lock of base images`, {
      cause,
      location: { file: name },
      hint: "remove it: a build without --locked writes it anew",
    });
  }
}

function writeLock(file: string, images: ReadonlyMap<string, LockFile["images"][string]>): void {
  const sorted = [...images].toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeJsonFile(file, { images: Object.fromEntries(sorted) });
}
