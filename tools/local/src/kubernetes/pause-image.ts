// The container that holds a pod's namespaces needs a program that does nothing: one static busybox.
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, symlink } from "node:fs/promises";
import path from "node:path";
import { writeImageArchive } from "../image-archive.ts";
import { runCommand } from "../run-command.ts";
import { inWorkFolder, type Settings } from "../settings.ts";

export const PAUSE_IMAGE = "pai.local/pause:1";

/** The image's archive, made once. */
export async function ensurePauseArchive(settings: Settings, signal: AbortSignal): Promise<string> {
  const file = path.join(settings.cache, "images", `pause-1-${process.arch}.tar`);
  if (existsSync(file)) return file;
  await inWorkFolder(settings, async (work) => {
    const root = path.join(work, "root");
    await mkdir(path.join(root, "bin"), { recursive: true });
    await copyFile(await staticBusybox(work, signal), path.join(root, "bin/busybox"));
    await symlink("busybox", path.join(root, "bin/sleep"));
    const config = { Entrypoint: ["/bin/sleep", "2147483647"] };
    await writeImageArchive(file, { root, work, reference: PAUSE_IMAGE, config, signal });
  });
  return file;
}

/** Unpacked, not installed: installing it would remove the dynamic busybox that many machines have. */
async function staticBusybox(work: string, signal: AbortSignal): Promise<string> {
  await runCommand(["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", "busybox-static"], {
    cwd: work,
    signal,
  });
  const file = (await readdir(work)).find((name) => name.endsWith(".deb")) ?? "";
  await runCommand(["dpkg-deb", "-x", path.join(work, file), path.join(work, "busybox")], { signal });
  return path.join(work, "busybox/bin/busybox");
}
