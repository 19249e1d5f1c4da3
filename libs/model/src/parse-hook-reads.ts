// `build.reads` of service.yaml: what the hooks of a service read outside of its folder.
import { describe } from "./describe.ts";
import { report, type Section } from "./section.ts";
import { isModelList } from "./yaml.ts";

/**
 * Files and folders, relative to the tree root. `build` is that section of service.yaml, `folder` the service's
 * own; `exists` is asked for paths that are relative to the tree root.
 */
export function parseHookReads(build: Section, folder: string, exists: (path: string) => boolean): string[] {
  const list = build.value.get("reads") ?? null;
  if (list === null) return [];
  if (!isModelList(list)) {
    const hint = typeof list === "string" ? `write it as a list: reads: [${list}]` : undefined;
    report(build, ["reads"], `must list files and folders, not be ${describe(list)}`, hint);
    return [];
  }
  if (list.length > 0 && !["pre", "post"].some((when) => exists(`${folder}/build/build-${when}.sh`))) {
    const hint = "remove it: what the Dockerfile copies counts by itself";
    report(build, ["reads"], "is not used: the service has no build-pre.sh or build-post.sh", hint);
  }
  return list.flatMap((item, index) => {
    const at = ["reads", index];
    const path = typeof item === "string" ? insideTree(item) : undefined;
    if (path === undefined) {
      const given = typeof item === "string" ? `"${item}"` : describe(item);
      report(build, at, `must be a file or folder inside the tree, not ${given}`, fromRoot);
    } else if (path === "dist" || path.startsWith("dist/")) {
      report(build, at, "is in dist, which builds write and hooks do not see", "read what it is made from");
    } else if (!exists(path)) {
      report(build, at, `names ${path}, but it does not exist`, fromRoot);
    } else return [path];
    return [];
  });
}

const fromRoot = "write it from the tree's root, without .. and /: docs, or version/PAI.VERSION";

function insideTree(path: string): string | undefined {
  const steps = path.split("/").filter((step) => step !== "" && step !== ".");
  return path.startsWith("/") || steps.length === 0 || steps.includes("..") ? undefined : steps.join("/");
}
