// The commands that are measured: as this repository runs them, from some two thousand modules, and as they
// are installed, bundled by `npm run pack`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface Programs {
  readonly paictl: string;
  readonly paiBuild: string;
}

const tools = path.resolve(import.meta.dirname, "../..");

export const treePrograms: Programs = {
  paictl: path.join(tools, "paictl/src/bin.js"),
  paiBuild: path.join(tools, "pai-build/src/bin.js"),
};

/** Makes the packages in a folder of their own, which goes when this process ends. */
export function packPrograms(): Programs {
  const folder = mkdtempSync(path.join(tmpdir(), "pai-bench-packed-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  execFileSync(process.execPath, [path.join(tools, "pack/src/main.ts"), folder], { stdio: "ignore" });
  return {
    paictl: path.join(folder, "pai/dist/paictl.mjs"),
    paiBuild: path.join(folder, "pai/dist/pai-build.mjs"),
  };
}
