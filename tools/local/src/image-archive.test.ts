import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { writeImageArchive } from "./image-archive.ts";

test("the same files make the same archive, whenever they were written", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "archive-"));
  try {
    const archives: Buffer[] = [];
    for (const name of ["one", "two"]) {
      const root = path.join(folder, name, "root");
      await mkdir(path.join(root, "bin"), { recursive: true });
      await writeFile(path.join(root, "bin/program"), "text");
      await utimes(path.join(root, "bin/program"), archives.length, archives.length);
      const work = path.join(folder, name, "work");
      await mkdir(work);
      const file = path.join(folder, name, "image.tar");
      await writeImageArchive(file, {
        root,
        work,
        reference: "a.test/b:1",
        config: {},
        signal: AbortSignal.timeout(10_000),
      });
      archives.push(await readFile(file));
      expect(await readdir(path.join(folder, name))).toEqual(["image.tar", "root", "work"]);
    }
    expect(archives[0]?.equals(archives[1] ?? Buffer.alloc(0))).toBe(true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
