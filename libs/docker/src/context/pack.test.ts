import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { finished } from "node:stream/promises";
import { extract } from "tar-fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { packContext, packFailure } from "./pack.ts";
import { walkContext } from "./walk.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "pack-"));
  mkdirSync(path.join(root, "src/a/build"), { recursive: true });
  mkdirSync(path.join(root, "src/b"));
  writeFileSync(path.join(root, "src/a/build/a.dockerfile"), "FROM base\n");
  writeFileSync(path.join(root, "src/a/build/grüße"), "hello");
  symlinkSync("grüße", path.join(root, "src/a/build/link"));
  writeFileSync(path.join(root, "src/b/x"), "b");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const walk = (): ReturnType<typeof walkContext> =>
  walkContext({
    root,
    folders: [
      { source: "src/a", target: "" },
      { source: "src/b", target: "dependency/b" },
    ],
    ignore: [],
    paths: ["."],
  });
const dockerfile = { path: "build/a.dockerfile", text: "FROM exact\n" };

test("the tar has every entry at its place and the Dockerfile as it is to be built", async () => {
  const target = path.join(root, "out");
  const tar = await packContext({ root, entries: walk(), dockerfile });
  await finished(tar.pipe(extract(target)));
  const read = (file: string): string => readFileSync(path.join(target, file), "utf8");
  expect(read("build/a.dockerfile")).toBe("FROM exact\n");
  expect(read("build/link")).toBe("hello");
  expect(read("dependency/b/x")).toBe("b");
});

test("a file that changes while it is sent ends the tar before the Dockerfile", async () => {
  const entries = walk();
  writeFileSync(path.join(root, "src/b/x"), "longer than before");
  utimesSync(path.join(root, "src/b/x"), new Date(), new Date(0));
  const tar = await packContext({ root, entries, dockerfile });
  await expect(finished(tar.resume())).rejects.toThrow("src/b/x changed while the build context was sent");
});

test("a file that is gone, or shorter, when it is sent ends the tar before the Dockerfile", async () => {
  const entries = walk();
  rmSync(path.join(root, "src/b/x"));
  const tar = await packContext({ root, entries, dockerfile });
  const gone = await finished(tar.resume()).catch((error: Error) => error);
  expect(packFailure("a", gone as Error)).toMatchObject({
    message: "a: send the build context",
    cause: { message: expect.stringContaining("ENOENT") },
    hint: "build again when nothing writes to the service's folder",
  });
  writeFileSync(path.join(root, "src/b/x"), "");
  const shorter = await packContext({ root, entries, dockerfile });
  await expect(finished(shorter.resume())).rejects.toMatchObject({
    message: "src/b/x changed while the build context was sent",
    hint: "build again when nothing writes to the service's folder",
  });
});

test("a file that may not be read when it is sent is to be made readable, or left out", () => {
  const cause = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
  expect(packFailure("a", cause)).toMatchObject({ cause, hint: expect.stringContaining(".dockerignore") });
});
