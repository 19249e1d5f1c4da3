import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { runCommand } from "./cli.ts";
import { createImageTree, engine, importShell, localTags, type ImageTree } from "./docker.ts";

/** What tests of logins have in common while their file runs. */
export interface LoginSuite {
  /** Repository of an image of one static busybox, tag 1, which no registry has. */
  readonly shell: string;
  /** For keys and settings; removed at the end. */
  readonly folder: string;
  /** A tree of one image, `a`, unlike all others; from the shell when no base is given. Goes with the test. */
  readonly treeOf: (registry: string, base?: string) => Promise<ImageTree>;
  /** Removes its images from the engine. */
  readonly forget: (tree: ImageTree) => Promise<void>;
  /** All that `pai-build login --check` says, and the part about one registry. */
  readonly checkLogin: (tree: ImageTree, registry: string) => Promise<{ said: string; login: unknown }>;
}

const program = path.join(import.meta.dirname, "../../tools/pai-build/src/main.ts");

export function loginSuite(name: string): LoginSuite {
  const shell = `pai-shell-${process.pid}-${name}`;
  const trees: ImageTree[] = [];
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), `pai-${name}-`));
    await importShell(shell);
  });
  afterAll(async () => {
    await engine("DELETE", `/images/${shell}:1?force=true`);
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await Promise.all(trees.splice(0).map((tree) => tree.remove()));
  });
  return {
    shell,
    get folder() {
      return folder;
    },
    treeOf: async (registry, base = `${shell}:1`) => {
      const dockerfile = `FROM ${base}\nCOPY build/x /x\n`;
      const files = { "src/{a}/build/{a}.dockerfile": dockerfile, "src/{a}/build/x": `${randomUUID()}\n` };
      const tree = await createImageTree({ registry, files });
      trees.push(tree);
      return tree;
    },
    forget: async ({ name: nameOf }) => {
      for (const tag of await localTags(nameOf(""))) await engine("DELETE", `/images/${tag}?force=true`);
    },
    checkLogin: async ({ root }, registry) => {
      const argv = [program, "login", "--check", "--output", "json"];
      const { stdout, stderr } = await runCommand(process.execPath, argv, { cwd: root, env: process.env });
      const lines = stdout.trim().split("\n");
      const logins = lines.map((line) => JSON.parse(line) as { readonly registry?: string });
      return { said: stdout + stderr, login: logins.find((each) => each.registry === registry) };
    },
  };
}
