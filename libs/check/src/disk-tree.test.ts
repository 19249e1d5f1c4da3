import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { diskTree } from "./disk-tree.ts";
import { maxFileSize, type Tree } from "./tree.ts";

let folder: string;
let tree: Tree;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "pai-tree-"));
  const root = path.join(folder, "tree");
  const write = (file: string, content: string | Buffer): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  };
  write("tree/src/a/text", "ä");
  write("tree/src/a/binary", Buffer.of(1, 0, 2));
  write("tree/src/a/latin1", Buffer.of(0xe4));
  write("tree/src/a/large", Buffer.alloc(maxFileSize + 1, "a"));
  write("elsewhere/secret", "secret");
  write("tree-beside/secret", "secret");
  symlinkSync("text", path.join(root, "src/a/inside"));
  symlinkSync("../../../elsewhere/secret", path.join(root, "src/a/out"));
  symlinkSync("nowhere", path.join(root, "src/a/dangling"));
  symlinkSync("loop", path.join(root, "src/a/loop"));
  symlinkSync("/dev/zero", path.join(root, "src/a/device"));
  symlinkSync("../../elsewhere", path.join(root, "src/out"));
  symlinkSync("a", path.join(root, "src/b"));
  execFileSync("mkfifo", [path.join(root, "src/a/pipe")]);
  tree = diskTree(root);
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["text", { kind: "text", text: "ä" }],
  ["inside", { kind: "text", text: "ä" }],
  ["nothing", { kind: "missing" }],
  ["text/below", { kind: "missing" }],
  ["dangling", { kind: "unreadable", reason: "is a link to nothing" }],
  ["binary", { kind: "unreadable", reason: "is binary, not text" }],
  ["latin1", { kind: "unreadable", reason: "is not UTF-8 text" }],
  ["large", { kind: "unreadable", reason: "has 3 MB; 2 MB are read" }],
  ["out", { kind: "outside", reason: "leads out of the tree" }],
  ["loop", { kind: "unreadable", reason: "is a link that leads to itself" }],
  ["device", { kind: "outside", reason: "leads out of the tree" }],
  ["pipe", { kind: "unreadable", reason: "is no regular file" }],
  ["../a", { kind: "unreadable", reason: "is a folder, not a file" }],
  ["../../../elsewhere/secret", { kind: "outside", reason: "leads out of the tree" }],
  ["../../../tree-beside/secret", { kind: "outside", reason: "leads out of the tree" }],
  ["../out/secret", { kind: "outside", reason: "leads out of the tree" }],
])("reads %s as %j", (name, expected) => {
  expect(tree.read(`src/a/${name}`)).toEqual(expected);
});

test("lists a folder, and says of links what they lead to", () => {
  expect(tree.list("src")).toEqual([
    { name: "a", kind: "folder" },
    { name: "b", kind: "folder", isLink: true },
    { name: "out", kind: "other", isLink: true },
  ]);
  expect(tree.list("src/out")).toEqual([]);
  expect(tree.exists("src/b/text")).toBe(true);
  expect(tree.exists("src/out/secret")).toBe(false);
});

test("links of a folder that is a part of the tree may lead to other parts of it", () => {
  const root = path.join(folder, "tree");
  mkdirSync(path.join(root, "configuration"));
  symlinkSync("../src/a/text", path.join(root, "configuration/layout.yaml"));
  symlinkSync("../../elsewhere/secret", path.join(root, "configuration/config.yaml"));
  const configuration = diskTree(path.join(root, "configuration"), root);
  expect(configuration.read("layout.yaml")).toEqual({ kind: "text", text: "ä" });
  expect(configuration.read("config.yaml").kind).toBe("outside");
  expect(diskTree(path.join(root, "configuration")).read("layout.yaml").kind).toBe("outside");
});
