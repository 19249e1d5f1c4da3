import { existsSync } from "node:fs";
import { mkdir, readdir, rename } from "node:fs/promises";
import path from "node:path";
import { runCommand } from "./run-command.ts";
import { inWorkFolder, type Settings } from "./settings.ts";

/**
 * One static busybox: all of a tiny image. Unpacked, not installed: installing it would remove the dynamic
 * busybox that many machines have.
 */
export async function ensureStaticBusybox(settings: Settings, signal: AbortSignal): Promise<string> {
  const file = path.join(settings.cache, "images", `busybox-${process.arch}`);
  if (existsSync(file)) return file;
  await mkdir(path.dirname(file), { recursive: true });
  await inWorkFolder(settings, async (work) => {
    const download = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", "busybox-static"];
    await runCommand(download, { cwd: work, signal });
    const archive = (await readdir(work)).find((name) => name.endsWith(".deb")) ?? "";
    await runCommand(["dpkg-deb", "-x", path.join(work, archive), path.join(work, "busybox")], { signal });
    await rename(path.join(work, "busybox/bin/busybox"), file);
  });
  return file;
}
