import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** The kubelet's cgroups are below this one, so that they can be told from anybody else's. */
export const CGROUP = "pai-local";

export async function makeCgroups(): Promise<void> {
  const all = await hierarchies();
  const unifiedOnly = all.every(({ unified }) => unified);
  for (const { parent } of all) {
    const folder = path.join(parent, CGROUP);
    await mkdir(folder, { recursive: true }).catch(() => undefined);
    if (unifiedOnly) for (const each of [parent, folder]) await passOnControllers(each);
  }
}

/** Only empty ones can be removed, so no process loses its own. */
export async function removeCgroups(): Promise<void> {
  const remove = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) if (entry.isDirectory()) await remove(path.join(folder, entry.name));
    await rmdir(folder).catch(() => undefined);
  };
  for (const { parent } of await hierarchies()) await remove(path.join(parent, CGROUP));
}

async function hierarchies(): Promise<{ readonly parent: string; readonly unified: boolean }[]> {
  const mounts = (await readFile("/proc/mounts", "utf8")).split("\n").map((line) => line.split(" "));
  return mounts
    .filter(([, , type]) => type === "cgroup" || type === "cgroup2")
    .map(([, parent = "", type]) => ({ parent, unified: type === "cgroup2" }));
}

/** Version 2 gives a group only the controllers that its parent passes on. */
async function passOnControllers(folder: string): Promise<void> {
  for (const controller of ["cpu", "cpuset", "memory", "pids", "io", "hugetlb"])
    await writeFile(path.join(folder, "cgroup.subtree_control"), `+${controller}`).catch(() => undefined);
}
