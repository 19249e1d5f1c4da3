// The container that holds a pod's namespaces needs a program that does nothing: one static busybox.
import { existsSync } from "node:fs";
import { copyFile, mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { ensureStaticBusybox } from "../busybox.ts";
import { writeImageArchive } from "../image-archive.ts";
import { inWorkFolder, type Settings } from "../settings.ts";

export const PAUSE_IMAGE = "pai.local/pause:1";

/** The image's archive, made once. */
export async function ensurePauseArchive(settings: Settings, signal: AbortSignal): Promise<string> {
  const file = path.join(settings.cache, "images", `pause-1-${process.arch}.tar`);
  if (existsSync(file)) return file;
  const busybox = await ensureStaticBusybox(settings, signal);
  await inWorkFolder(settings, async (work) => {
    const root = path.join(work, "root");
    await mkdir(path.join(root, "bin"), { recursive: true });
    await copyFile(busybox, path.join(root, "bin/busybox"));
    await symlink("busybox", path.join(root, "bin/sleep"));
    const config = { Entrypoint: ["/bin/sleep", "2147483647"] };
    await writeImageArchive(file, { root, work, reference: PAUSE_IMAGE, config, signal });
  });
  return file;
}
