// The copy of a service's deploy folder that its scripts run in: dist/<service>/deploy, as deep below the
// root as src/<service>/deploy, so that paths such as ../../../version mean the same. Nothing is ever
// written to src.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Service } from "@pai/model";

export interface DeployFile {
  /** Relative to the deploy folder. */
  readonly name: string;
  /** What it is rendered from, relative to the root; absent for a file that is taken as it is. */
  readonly template?: string;
  readonly content: Buffer;
  readonly mode: number;
  /** Target of a symbolic link, which has no content. */
  readonly link?: string;
}

/** Every file of the deploy folder, templates among them. */
export async function readStaticFiles(root: string, service: Service): Promise<DeployFile[]> {
  const folder = path.join(root, service.folder, "deploy");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries.map(async (entry): Promise<DeployFile | undefined> => {
      const file = path.join(entry.parentPath, entry.name);
      const name = path.relative(folder, file).split(path.sep).join("/");
      if (entry.isSymbolicLink())
        return { name, content: Buffer.of(), mode: 0o777, link: await readlink(file) };
      if (!entry.isFile()) return undefined;
      const [content, { mode }] = await Promise.all([readFile(file), stat(file)]);
      return { name, content, mode: mode & 0o777 };
    }),
  );
  return files.filter((file) => file !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Relative to the root. */
export function deployFolder(service: string): string {
  return `dist/${service}/deploy`;
}

/** Replaces what an earlier run left there. */
export async function writeDeployFolder(
  root: string,
  service: string,
  files: readonly DeployFile[],
): Promise<void> {
  const folder = path.join(root, deployFolder(service));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { name, content, mode, link } of files) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    if (link === undefined) await writeFile(file, content, { mode });
    else await symlink(link, file);
  }
}

/** The same for the same files and the same further inputs, whatever their order. */
export function hashFiles(files: readonly DeployFile[], inputs: readonly string[]): string {
  const lines = files.map(({ name, content, mode, link }) =>
    JSON.stringify([name, link ?? createHash("sha256").update(content).digest("hex"), mode & 0o111]),
  );
  return createHash("sha256")
    .update([...lines.toSorted(), ...inputs.toSorted()].join("\n"))
    .digest("hex");
}
