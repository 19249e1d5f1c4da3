import path from "node:path";
import { readFolder, readText } from "./files.ts";
import { isModelList, isModelObject, parseYaml } from "./yaml.ts";

/**
 * `secret-keys` of each `deploy/service.yaml`: settings that are secret though their names do not say so.
 * Files that cannot be read are told where services are read.
 */
export function readSecretKeys(root: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    (readFolder(path.join(root, "src"), "src") ?? []).flatMap(({ name }) => {
      const keys = secretKeysOf(root, `src/${name}/deploy/service.yaml`);
      return keys.length > 0 ? [[name, keys] as const] : [];
    }),
  );
}

function secretKeysOf(root: string, file: string): readonly string[] {
  try {
    const text = readText(path.join(root, file), file);
    if (text?.includes("secret-keys") !== true) return [];
    const { value } = parseYaml(text, file);
    const keys = isModelObject(value) ? value.get("secret-keys") : undefined;
    return isModelList(keys) ? keys.map(String) : [];
  } catch {
    return [];
  }
}
