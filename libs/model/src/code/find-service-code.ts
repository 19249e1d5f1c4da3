import { existsSync } from "node:fs";
import path from "node:path";
import { readFolder } from "../files.ts";

export interface ServiceCode {
  readonly name: string;
  readonly language: "typescript" | "python";
  /** Relative to the tree root. */
  readonly file: string;
}

/** The services that have code for their configuration; TypeScript wins where there is both. */
export function findServiceCode(root: string): readonly ServiceCode[] {
  return (readFolder(path.join(root, "src"), "src") ?? []).flatMap(({ name }): ServiceCode[] => {
    const underscored = name.replaceAll("-", "_");
    const candidates = [
      { language: "typescript", file: `src/${name}/config/${name}.ts` },
      { language: "typescript", file: `src/${name}/config/${underscored}.ts` },
      { language: "python", file: `src/${name}/config/${underscored}.py` },
    ] as const;
    const found = candidates.find(({ file }) => existsSync(path.join(root, file)));
    return found ? [{ name, ...found }] : [];
  });
}
