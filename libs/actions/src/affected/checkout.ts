// The tree as it was at a commit, in a temporary folder. The user's work tree, index and branches are left
// alone: an index of our own is filled from the commit and written out elsewhere.
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PaiError, type Report } from "@pai/core";
import { configurationFileNames } from "@pai/model";
import { runTool } from "@pai/scripts";

export interface CheckoutOptions {
  readonly root: string;
  /** As given; a relative path starts at the root. */
  readonly configuration: string;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Gives the root of the tree at the commit to `work`, and removes it afterwards. Throws USAGE for no commit. */
export async function withCommit<T>(
  ref: string,
  options: CheckoutOptions,
  work: (root: string) => Promise<T>,
): Promise<T> {
  const { root, signal } = options;
  const git = gitIn(root, signal);
  const top = await git(["rev-parse", "--show-toplevel"]);
  if (!top.ok) throw new PaiError("USAGE", `${root} is not in a git repository`, { details: top.details });
  const commit = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  if (!commit.ok) {
    throw new PaiError("USAGE", `"${ref}" names no commit`, {
      hint: "a shallow clone has only its newest commits: git fetch --unshallow",
    });
  }
  const prefix = (await git(["rev-parse", "--show-prefix"])).text.replace(/\/$/, "");
  const folder = await mkdtemp(path.join(tmpdir(), "pai-affected-"));
  try {
    const tree = path.join(folder, "tree");
    const own = gitIn(top.text, signal, { GIT_INDEX_FILE: path.join(folder, "index") });
    for (const args of [
      ["read-tree", prefix === "" ? commit.text : `${commit.text}:${prefix}`],
      ["checkout-index", "--all", `--prefix=${tree}/`],
    ]) {
      const { ok, details } = await own(args);
      if (!ok) throw new PaiError("USAGE", `read the tree at ${ref}`, { details });
    }
    await mkdir(tree, { recursive: true });
    await addIgnored(tree, options);
    return await work(tree);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What no commit has: packages, and configuration with passwords, which is often kept out of git. */
async function addIgnored(
  tree: string,
  { root, configuration, report, signal }: CheckoutOptions,
): Promise<void> {
  const packages = path.join(root, "node_modules");
  if (existsSync(packages) && !existsSync(path.join(tree, "node_modules")))
    await symlink(packages, path.join(tree, "node_modules"));
  const folder = path.relative(root, path.resolve(root, configuration));
  if (folder.startsWith("..")) return;
  const git = gitIn(root, signal);
  for (const name of configurationFileNames) {
    const file = path.join(folder, name);
    if (existsSync(path.join(tree, file)) || !existsSync(path.join(root, file))) continue;
    if (!(await git(["check-ignore", "--quiet", "--", file])).ok) continue;
    report({ type: "warning", message: `git ignores ${file}: it is taken to be the same in both` });
    await mkdir(path.join(tree, folder), { recursive: true });
    await copyFile(path.join(root, file), path.join(tree, file));
  }
}

function gitIn(
  cwd: string,
  signal: AbortSignal,
  env: Readonly<Record<string, string>> = {},
): (
  args: readonly string[],
) => Promise<{ readonly ok: boolean; readonly text: string; readonly details: string[] }> {
  return async (args) => {
    const result = await runTool({ file: "git", args, cwd, env: { ...process.env, ...env }, signal });
    const details = result.stderr.trim().split("\n").filter(Boolean);
    return { ok: result.code === 0, text: result.stdout.trim(), details };
  };
}
