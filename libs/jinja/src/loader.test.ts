import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryLoader, renderTemplate, rootedLoader } from "./index.ts";

let folder: string;
let root: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "jinja-loader-"));
  root = path.join(folder, "root");
  mkdirSync(path.join(root, "sub"), { recursive: true });
  mkdirSync(path.join(folder, "root-beside"));
  writeFileSync(path.join(root, "a.j2"), "A");
  writeFileSync(path.join(root, "sub/b.j2"), "B");
  writeFileSync(path.join(folder, "outside.j2"), "outside");
  writeFileSync(path.join(folder, "root-beside/c.j2"), "beside");
  symlinkSync("sub/b.j2", path.join(root, "inside.j2"));
  symlinkSync("../outside.j2", path.join(root, "leaves.j2"));
  symlinkSync("../root-beside", path.join(root, "leaves"));
  symlinkSync("circle.j2", path.join(root, "circle.j2"));
  symlinkSync("nowhere.j2", path.join(root, "dangling.j2"));
});

afterAll(() => rmSync(folder, { recursive: true }));

const sourceOf = (name: string): string | undefined => rootedLoader(root).getSource(name)?.src;

test.each([
  ["a.j2", "A"],
  ["sub/b.j2", "B"],
  ["./sub/./b.j2", "B"],
  ["inside.j2", "B"],
])("%s is read", (name, text) => {
  expect(sourceOf(name)).toBe(text);
});

test.each([
  ["nothing", ""],
  ["a missing file", "missing.j2"],
  ["a folder", "sub"],
  ["the root itself", "."],
  ["a file taken for a folder", "a.j2/b.j2"],
  ["a way up", "../outside.j2"],
  ["a way up and back", "sub/../a.j2"],
  ["a way up in Windows' spelling", "sub\\..\\a.j2"],
  ["a NUL", "a.j2\0"],
  ["a name no file system takes", "a".repeat(5000)],
  ["a link to a file outside", "leaves.j2"],
  ["a link to a folder whose name starts like the root's", "leaves/c.j2"],
  ["a link to itself", "circle.j2"],
  ["a link to nothing", "dangling.j2"],
])("%s is no template", (_what, name) => {
  expect(sourceOf(name)).toBeUndefined();
});

test("an absolute name is no template, also of a file inside the root", () => {
  expect(sourceOf(path.join(root, "a.j2"))).toBeUndefined();
});

test("the root may be reached through a link itself", () => {
  const link = path.join(folder, "link");
  symlinkSync("root", link);
  expect(rootedLoader(link).getSource("a.j2")?.src).toBe("A");
});

test("templates in memory are found by their own name, never by one of a prototype", () => {
  const loader = memoryLoader({ "a.j2": "A" });
  expect(["a.j2", "b.j2", "constructor"].map((name) => loader.getSource(name)?.src)).toEqual([
    "A",
    undefined,
    undefined,
  ]);
});

test("a template that leaves the root is refused as one that does not exist", () => {
  const source = "{% include '../outside.j2' ignore missing %}{% include ['leaves.j2', 'a.j2'] %}";
  expect(renderTemplate({ name: "main", source, context: {}, loader: rootedLoader(root) })).toBe("A");
});
