import type { ContextEntry } from "./walk.ts";

/**
 * The entries that a Dockerfile can reach by the paths it copies from, `.` standing for all. What it does not
 * copy neither changes the image nor is sent.
 */
export function selectPaths(
  entries: readonly ContextEntry[],
  paths: readonly string[],
): readonly ContextEntry[] {
  if (paths.includes(".")) return entries;
  // The builder follows a link on the way to a source: what is behind it may be anywhere in the context.
  const throughLink = entries.some(
    ({ type, path }) => type === "symlink" && paths.some((wanted) => isWithin(wanted, path)),
  );
  if (throughLink) return entries;
  return entries.filter(({ path }) => paths.some((wanted) => isWithin(path, wanted)));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
