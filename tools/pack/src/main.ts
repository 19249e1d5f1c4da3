// npm run pack: the packages that others install, as tarballs in dist/packages. Bundled JavaScript for
// Node 22.18 or later, so that a start reads a few files in place of some two thousand.
import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { copyAssets } from "./assets.ts";
import { bundle } from "./bundle.ts";
import { writeLicenses } from "./licenses.ts";
import { writeManifest } from "./manifest.ts";
import { packages } from "./packages.ts";
import { writeTypes } from "./types.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const target = path.resolve(root, process.argv[2] ?? "dist/packages");

rmSync(target, { recursive: true, force: true });
for (const description of packages) {
  const folder = path.join(target, description.folder);
  mkdirSync(folder, { recursive: true });
  const modules = await bundle({ root, folder, description });
  writeLicenses(folder, modules);
  copyAssets({ root, folder, description });
  await writeTypes({ root, folder, description });
  const version = writeManifest({ root, folder, description });
  const { stdout } = await promisify(execFile)("npm", ["pack", "--silent", "--pack-destination", target], {
    cwd: folder,
  });
  console.log(
    `${path.relative(process.cwd(), path.join(target, stdout.trim()))}  ${description.name} ${version}`,
  );
}
