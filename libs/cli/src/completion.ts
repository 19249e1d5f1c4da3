import path from "node:path";

/** Names that only the tree knows, for the options that take them. */
export interface NameCompletion {
  /** As they are written: `-n`, `--service-name`. */
  readonly after: readonly string[];
  /** Of the tree at an absolute root; may fail. */
  readonly names: (root: string) => Promise<readonly string[]>;
}

/** What the scripts that yargs makes for shells call the command with. */
const request = "--get-yargs-completions";

/** The names that a shell asks for; undefined where it asks for something else, which yargs knows. */
export async function completeNames(
  argv: readonly string[],
  completion: NameCompletion | undefined,
): Promise<readonly string[] | undefined> {
  if (!completion || !argv.includes(request)) return undefined;
  const before = argv.slice(argv.indexOf(request) + 1, -1);
  const current = argv.at(-1) ?? "";
  const option = before.findLast((word) => word.startsWith("-")) ?? "";
  if (!completion.after.includes(option) || current.startsWith("-")) return undefined;
  const root = before.includes("--root") ? (before[before.lastIndexOf("--root") + 1] ?? ".") : ".";
  // A shell has no place to say what is wrong with the tree.
  const names = await completion.names(path.resolve(root)).catch(() => []);
  return names.filter((name) => name.startsWith(current));
}
