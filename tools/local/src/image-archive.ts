// An image as `docker load` and `ctr images import` read it, made of one layer. Same layer, same image id.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { runCommand } from "./run-command.ts";

export interface ImageArchive {
  /** The root file system, a folder. */
  readonly root: string;
  /** A folder for unfinished files, on the file system of the archive. */
  readonly work: string;
  readonly reference: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

const goArchitectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** Writes the archive; the file is there whole or not at all. */
export async function writeImageArchive(
  file: string,
  { root, work, reference, config, signal }: ImageArchive,
): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const layer = path.join(work, "layer.tar");
  const same = [
    "--sort=name",
    "--numeric-owner",
    "--mtime=@0",
    "--format=posix",
    "--pax-option=delete=atime,delete=ctime",
  ];
  await runCommand(["tar", ...same, "-C", root, "-cf", layer, "."], { signal });
  const hash = createHash("sha256");
  await pipeline(createReadStream(layer), hash, { signal });
  const image = {
    created: "1970-01-01T00:00:00Z",
    architecture: goArchitectures[process.arch] ?? process.arch,
    os: "linux",
    config,
    rootfs: { type: "layers", diff_ids: [`sha256:${hash.digest("hex")}`] },
    history: [{ created: "1970-01-01T00:00:00Z", created_by: "pai local" }],
  };
  await writeFile(path.join(work, "config.json"), JSON.stringify(image));
  const manifest = [{ Config: "config.json", RepoTags: [reference], Layers: ["layer.tar"] }];
  await writeFile(path.join(work, "manifest.json"), JSON.stringify(manifest));
  const whole = path.join(work, "archive.tar");
  await runCommand(["tar", ...same, "-C", work, "-cf", whole, "manifest.json", "config.json", "layer.tar"], {
    signal,
  });
  await rename(whole, file);
}
