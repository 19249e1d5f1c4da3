// Where a push takes the configuration from: a folder, or what an external storage configuration names.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PaiError } from "@pai/core";
import { isModelObject, parseYaml } from "@pai/model";
import { runTool } from "@pai/scripts";

export type ExternalStorage =
  | { readonly type: "local"; readonly path: string }
  | { readonly type: "git"; readonly url: string; readonly branch: string; readonly path: string };

export async function readExternalStorageFile(root: string, file: string): Promise<string> {
  try {
    return await readFile(path.resolve(root, file), "utf8");
  } catch (cause) {
    throw new PaiError("CONFIG_INVALID", `the external storage configuration ${file} cannot be read`, {
      cause,
    });
  }
}

/** Throws CONFIG_INVALID, saying what is missing. */
export function parseExternalStorage(text: string, file: string): ExternalStorage {
  const { value, locate } = parseYaml(text, file);
  const settings = isModelObject(value) ? value : new Map();
  const needed = (key: string, hint: string): string => {
    const found: unknown = settings.get(key);
    if (typeof found === "string" && found !== "") return found;
    const message = `${file}: ${key} is missing`;
    throw new PaiError("CONFIG_INVALID", message, { location: locate([key]), hint });
  };
  const type = needed("type", "write type: local or type: git");
  if (type === "local") return { type, path: needed("path", "the folder that holds layout.yaml") };
  if (type === "git") {
    return {
      type,
      url: needed("url", "the address of the repository"),
      branch: needed("branch", "the branch to take"),
      path: needed("path", "the folder in the repository that holds layout.yaml"),
    };
  }
  throw new PaiError("CONFIG_INVALID", `${file}: type is "${type}"`, {
    location: locate(["type"]),
    hint: "write type: local or type: git",
  });
}

/** Gives the folder to `work`; a clone is removed afterwards. */
export async function withExternalStorage<T>(
  storage: ExternalStorage,
  { root, signal }: { readonly root: string; readonly signal: AbortSignal },
  work: (folder: string) => Promise<T>,
): Promise<T> {
  if (storage.type === "local") return work(path.resolve(root, storage.path));
  const { url, branch } = storage;
  const clone = await mkdtemp(path.join(tmpdir(), "pai-configuration-"));
  try {
    const { code, stderr } = await runTool({
      file: "git",
      args: ["clone", "--quiet", "--depth=1", `--branch=${branch}`, "--", url, clone],
      cwd: root,
      env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
      signal,
    });
    if (code !== 0) {
      const details = stderr.trim().split("\n");
      throw new PaiError("CONFIG_INVALID", `clone ${withoutLogin(url)}, branch ${branch}`, {
        details: details.map((line) => line.replaceAll(url, withoutLogin(url))),
      });
    }
    const folder = path.resolve(clone, storage.path);
    if (path.relative(clone, folder).startsWith("..")) {
      throw new PaiError("CONFIG_INVALID", `the path "${storage.path}" leads out of the repository`);
    }
    return await work(folder);
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
}

function withoutLogin(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//");
}
