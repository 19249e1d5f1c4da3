import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { PackOptions } from "./bundle.ts";

/** Returns the version, which is the repository's. */
export function writeManifest({ root, folder, description }: PackOptions): string {
  const { version, license } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    version: string;
    license: string;
  };
  const manifest = {
    name: description.name,
    version,
    description: description.description,
    license,
    type: "module",
    engines: { node: ">=22.18" },
    ...description.manifest,
  };
  writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return version;
}
