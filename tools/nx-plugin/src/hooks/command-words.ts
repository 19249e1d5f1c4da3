// What the words of an nx command say about images. Nx hands options to tasks only, and not to hooks.
import type { ImageOptions } from "../executors/image-options.ts";

export interface CommandWords {
  /** Where images and bases are looked for, and what the environment gives: Nx knows all others by their words. */
  readonly options: Pick<ImageOptions, "config" | "buildArg" | "engine" | "lockFile" | "locked">;
  /** Nx would answer the second such run with what it kept of the first. */
  readonly asksAnew: boolean;
  /** False when no word looks like a target that builds or needs images. */
  readonly nameImageTasks: boolean;
}

const anew = new Set(["--no-cache", "--cache=false", "--pull", "--pull=true"]);

/** As the process has them, with the two programs in front. */
export function readWords([, , ...words]: readonly string[]): CommandWords {
  const given = optionsIn(words);
  const single = (name: "config" | "lockFile"): Partial<Record<typeof name, string>> => {
    const value = given.get(name)?.at(-1);
    return value === undefined ? {} : { [name]: value };
  };
  const list = (name: "buildArg" | "engine"): Partial<Record<typeof name, readonly string[]>> => {
    const values = given.get(name);
    return values ? { [name]: values } : {};
  };
  const locked = given.get("locked")?.at(-1) ?? "false";
  return {
    options: {
      ...single("config"),
      ...single("lockFile"),
      ...list("buildArg"),
      ...list("engine"),
      locked: locked !== "false",
    },
    // What stands in `--args` is for tasks as well.
    asksAnew: given.has("args") || words.some((word) => anew.has(word)),
    nameImageTasks: words.some((word) => /build|push|deploy/.test(word)),
  };
}

/** `--name=value`, `--name value` or `--name`; like Nx, which takes `--lock-file` for `--lockFile`. */
function optionsIn(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [index, word] of words.entries()) {
    const [, kebab, value] = /^--([a-zA-Z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (kebab === undefined) continue;
    const name = kebab.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const next = words[index + 1];
    const isNext = value === undefined && next !== undefined && !next.startsWith("-");
    found.set(name, [...(found.get(name) ?? []), value ?? (isNext ? next : "")]);
  }
  return found;
}
