import { lstat, mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Service } from "@pai/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hashFiles, readStaticFiles, writeDeployFolder, type DeployFile } from "./folder.ts";

let root: string;
const service = { name: "a", folder: "src/a" } as Service;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "pai-folder-"));
  const deploy = path.join(root, "src/a/deploy");
  await mkdir(path.join(deploy, "conf"), { recursive: true });
  await writeFile(path.join(deploy, "start.sh"), "echo", { mode: 0o755 });
  await writeFile(path.join(deploy, "conf/b.bin"), Buffer.of(0, 255));
  await symlink("start.sh", path.join(deploy, "link.sh"));
});
afterAll(() => rm(root, { recursive: true }));

test("the whole folder is copied as it is, and nothing of an earlier run stays", async () => {
  const files = await readStaticFiles(root, service);
  expect(files.map(({ name }) => name)).toEqual(["conf/b.bin", "link.sh", "start.sh"]);
  const old = path.join(root, "dist/a/deploy/old.yaml");
  await mkdir(path.dirname(old), { recursive: true });
  await writeFile(old, "");
  await writeDeployFolder(root, "a", files);
  const copy = (name: string): string => path.join(root, "dist/a/deploy", name);
  expect(await readFile(copy("conf/b.bin"))).toEqual(Buffer.of(0, 255));
  expect((await stat(copy("start.sh"))).mode & 0o777).toBe(0o755);
  expect(await readlink(copy("link.sh"))).toBe("start.sh");
  await expect(lstat(old)).rejects.toThrow("ENOENT");
});

test("the hash sees content, names, the executable bit and further inputs, but no order", () => {
  const file = (name: string, text: string, mode = 0o644): DeployFile => ({
    name,
    content: Buffer.from(text),
    mode,
  });
  const [a, b] = [file("a", "1"), file("b", "2")];
  const hash = hashFiles([a, b], ["x", "y"]);
  expect(hashFiles([b, a], ["y", "x"])).toBe(hash);
  expect(hashFiles([a, { ...b, mode: 0o600 }], ["x", "y"])).toBe(hash);
  const others = [
    hashFiles([a, file("b", "3")], ["x", "y"]),
    hashFiles([a, file("c", "2")], ["x", "y"]),
    hashFiles([a, file("b", "2", 0o755)], ["x", "y"]),
    hashFiles([a], ["x", "y"]),
    hashFiles([a, b], ["x"]),
  ];
  expect(new Set([hash, ...others]).size).toBe(6);
});
