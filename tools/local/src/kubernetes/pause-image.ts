// The container that holds a pod's namespaces needs a program that does nothing: one static busybox.
import { access, copyFile, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { writeImageArchive } from "../image-archive.ts";
import { runCommand } from "../run-command.ts";
import type { Settings } from "../settings.ts";

export const PAUSE_IMAGE = "pai.local/pause:1";

/** The image's archive, made once. */
export async function ensurePauseArchive({ cache }: Settings, signal: AbortSignal): Promise<string> {
  const file = path.join(cache, "images", `pause-1-${process.arch}.tar`);
  if (
    await access(file).then(
      () => true,
      () => false,
    )
  )
    return file;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(path.join(cache, "pause-"));
  try {
    const root = path.join(work, "root");
    await mkdir(path.join(root, "bin"), { recursive: true });
    await copyFile(await staticBusybox(work, signal), path.join(root, "bin/busybox"));
    await symlink("busybox", path.join(root, "bin/sleep"));
    await writeImageArchive(file, {
      root,
      reference: PAUSE_IMAGE,
      config: { Entrypoint: ["/bin/sleep", "2147483647"] },
      signal,
    });
    return file;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
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
