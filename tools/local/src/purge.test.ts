import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { removeData } from "./purge.ts";

test("removes its own data by name, and the folder only when nothing else is in it", async () => {
  const home = await mkdtemp(path.join(tmpdir(), "home-"));
  try {
    await mkdir(path.join(home, "etcd/member"), { recursive: true });
    await mkdir(path.join(home, "volumes"));
    await writeFile(path.join(home, "kubeconfig"), "");
    await writeFile(path.join(home, "letter.txt"), "");
    await removeData(home);
    expect(await readdir(home)).toEqual(["letter.txt"]);
    await rm(path.join(home, "letter.txt"));
    await removeData(home);
    expect(existsSync(home)).toBe(false);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
