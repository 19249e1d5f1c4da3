import { runTool } from "@pai/scripts";

/**
 * The commit of the tree, with `-dirty` when files differ from it; asked for once, by the first who needs it.
 * Undefined outside of a git repository, and without git.
 */
export function createRevisionFinder(root: string, signal: AbortSignal): () => Promise<string | undefined> {
  let found: Promise<string | undefined> | undefined;
  const find = async (): Promise<string | undefined> => {
    const { code, stdout } = await runTool({
      file: "git",
      // Excluding every tag leaves the commit alone.
      args: ["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
      cwd: root,
      // It would write what it learns of the files into the index, while somebody else may be committing.
      env: { ...process.env, GIT_OPTIONAL_LOCKS: "0" },
      signal,
    });
    return code === 0 ? stdout.trim() : undefined;
  };
  return () =>
    (found ??= find().catch(() => {
      signal.throwIfAborted();
      return undefined;
    }));
}
