// What a Dockerfile can reach by the paths it copies from. What it does not copy neither changes the image nor
// is sent.
import type { ContextEntry } from "./walk.ts";

export function isCopied(path: string, copied: readonly string[]): boolean {
  return copied.some((wanted) => isWithin(path, wanted));
}

/** Copied, or on the way to what is. */
export function isNear(path: string, copied: readonly string[]): boolean {
  return copied.some((wanted) => isWithin(path, wanted) || isWithin(wanted, path));
}

/** The builder follows a link on the way to a source: what is behind it may be anywhere in the context. */
export function goesThroughLink(entries: readonly ContextEntry[], copied: readonly string[]): boolean {
  return entries.some(
    ({ type, path }) => type === "symlink" && copied.some((wanted) => isWithin(wanted, path)),
  );
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
