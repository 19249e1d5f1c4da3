import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runCommand, type CommandResult } from "./cli.ts";

const repository = path.resolve(import.meta.dirname, "../..");

/** A copy of a tree of `test/fixtures`, with this repository's packages and an Nx cache of its own. */
export interface Workspace {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs a program of node_modules/.bin, such as nx, or one of the PATH, such as git. */
  readonly run: (command: string, ...args: string[]) => Promise<CommandResult>;
  readonly write: (file: string, text: string) => Promise<void>;
  readonly read: (file: string) => Promise<string>;
  /** Records everything in git; the first call makes the repository. Returns the commit. */
  readonly commit: (message: string) => Promise<string>;
  readonly dispose: () => Promise<void>;
}

export async function copyWorkspace(fixture: string): Promise<Workspace> {
  const folder = await mkdtemp(path.join(tmpdir(), `pai-${fixture}-`));
  const root = path.join(folder, "tree");
  await cp(path.join(repository, "test/fixtures", fixture), root, { recursive: true });
  await symlink(path.join(repository, "node_modules"), path.join(root, "node_modules"));
  const env = isolatedEnvironment(folder);
  const run = (command: string, ...args: string[]): Promise<CommandResult> =>
    runCommand(command, args, { cwd: root, env });
  const git = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run("git", ...args);
    if (code !== 0) throw new Error(`git ${args.join(" ")} in ${root}: ${stderr}`);
    return stdout.trim();
  };
  return {
    root,
    env,
    run,
    write: async (file, text) => {
      await mkdir(path.dirname(path.join(root, file)), { recursive: true });
      await writeFile(path.join(root, file), text);
    },
    read: (file) => readFile(path.join(root, file), "utf8"),
    commit: async (message) => {
      await git("init", "--quiet", "--initial-branch=main");
      await git("add", "--all");
      await git("commit", "--quiet", "--allow-empty", `--message=${message}`);
      return git("rev-parse", "HEAD");
    },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Nx would share its cache among all clones of a repository, and keep a daemon for each. */
function isolatedEnvironment(folder: string): NodeJS.ProcessEnv {
  const person = { name: "Test", email: "test@example.org" };
  // vitest sets it, and Nx would hand it on to every task.
  const { FORCE_COLOR: _, ...inherited } = process.env;
  return {
    ...inherited,
    PATH: `${path.join(repository, "node_modules/.bin")}:${process.env.PATH}`,
    NX_CACHE_DIRECTORY: path.join(folder, "nx-cache"),
    NX_WORKSPACE_DATA_DIRECTORY: path.join(folder, "nx-data"),
    NX_DAEMON: "false",
    NX_ISOLATE_PLUGINS: "false",
    NX_TUI: "false",
    NO_COLOR: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: person.name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
  };
}
