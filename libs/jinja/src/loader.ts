import { readFileSync, realpathSync } from "node:fs";
import path from "node:path";

/** Finds the source of a template by name; the shape of a nunjucks loader. */
export interface Loader {
  /** `null` when there is no such template. */
  getSource(name: string): { readonly src: string; readonly path: string; readonly noCache: boolean } | null;
}

/** Reads templates under a folder and nothing else: no absolute names, no `..`, no link that leads out. */
export function rootedLoader(root: string): Loader {
  const realRoot = realpathSync(root);
  return {
    getSource: (name) => {
      if (!isInsideName(name)) return null;
      const file = path.join(realRoot, name);
      try {
        const real = realpathSync(file);
        if (!real.startsWith(realRoot.endsWith(path.sep) ? realRoot : realRoot + path.sep)) return null;
        return { src: readFileSync(real, "utf8"), path: real, noCache: false };
      } catch (error) {
        if (isNoFile(error)) return null;
        throw error;
      }
    },
  };
}

/** Templates held in memory, by name. */
export function memoryLoader(templates: Readonly<Record<string, string>>): Loader {
  return {
    getSource: (name) => {
      const src = Object.hasOwn(templates, name) ? templates[name] : undefined;
      return src === undefined ? null : { src, path: name, noCache: false };
    },
  };
}

function isInsideName(name: string): boolean {
  if (name === "" || name.includes("\0") || name.includes("\\") || path.isAbsolute(name)) return false;
  return !name.split("/").includes("..");
}

function isNoFile(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return (
    code === "ENOENT" ||
    code === "ENOTDIR" ||
    code === "EISDIR" ||
    code === "ELOOP" ||
    code === "ENAMETOOLONG"
  );
}
