import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseDockerignore } from "./dockerignore.ts";
import { readDockerignore, walkContext, walkPaths, type ContextFolders } from "./walk.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "walk-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, mode = 0o644): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), "x");
  chmodSync(path.join(root, file), mode);
}

function walk({ ignore = "", paths = ["."], folders = [{ source: "src/a", target: "" }] } = {}): string[] {
  const options: ContextFolders = { root, folders, ignore: parseDockerignore(ignore, "x"), paths };
  return walkContext(options).map(({ path, type, mode }) => `${type[0]}${mode.toString(8)} ${path}`);
}

test("folders come before what is in them, and only the executable bit of a mode counts", () => {
  write("src/a/build/start.sh", 0o775);
  write("src/a/build/conf.xml", 0o664);
  write("src/a/build-more/x", 0o600);
  expect(walk()).toEqual([
    "d755 build",
    "d755 build-more",
    "f644 build-more/x",
    "f644 build/conf.xml",
    "f755 build/start.sh",
  ]);
});

test("what a Dockerfile does not copy is left out", () => {
  write("src/a/build/conf/x");
  write("src/a/build/confetti");
  write("src/a/deploy/y.template");
  expect(walk({ paths: ["build/conf"] })).toEqual(["d755 build/conf", "f644 build/conf/x"]);
  expect(walk({ paths: [] })).toEqual([]);
});

test("what is not copied is not even looked at", () => {
  write("src/a/build/x");
  execFileSync("mkfifo", [path.join(root, "src/a/pipe")]);
  const folders = [
    { source: "src/a", target: "" },
    { source: "src/gone", target: "dependency/gone" },
  ];
  expect(walk({ folders, paths: ["build/x", "nothing"] })).toEqual(["f644 build/x"]);
});

test("a path through a link takes the whole context, as the link may lead anywhere in it", () => {
  write("src/a/real/x");
  symlinkSync("real", path.join(root, "src/a/build"));
  expect(walk({ paths: ["build/x"] })).toEqual(["s755 build", "d755 real", "f644 real/x"]);
});

test("files and folders of the tree are found once, under their own paths, also where they are links", () => {
  write("docs/more/text");
  write("version/x");
  write("elsewhere/y");
  symlinkSync("elsewhere/y", path.join(root, "y"));
  const found = walkPaths(root, ["version/x", "docs", "docs/more", "y"]);
  expect(found.map((entry) => `${entry.type} ${entry.path}`)).toEqual([
    "directory docs",
    "directory docs/more",
    "file docs/more/text",
    "file version/x",
    "file y",
  ]);
});

test("components stand below dependency, where the same ignore file applies to them", () => {
  write("src/a/build/x");
  write("src/b/y");
  write("src/b/z.md");
  const folders = [
    { source: "src/a", target: "" },
    { source: "src/b", target: "dependency/b" },
  ];
  expect(walk({ folders, ignore: "**/*.md" })).toEqual([
    "d755 build",
    "f644 build/x",
    "d755 dependency",
    "d755 dependency/b",
    "f644 dependency/b/y",
  ]);
});

test("an exception in an ignored folder is found, the folder itself stays out", () => {
  write("src/a/build/x");
  write("src/a/build/y");
  expect(walk({ ignore: "build\n!build/x" })).toEqual(["f644 build/x"]);
});

test("links are kept as they are, also those that lead nowhere or out of the context", () => {
  mkdirSync(path.join(root, "src/a"), { recursive: true });
  symlinkSync("../../../etc/passwd", path.join(root, "src/a/out"));
  symlinkSync("gone", path.join(root, "src/a/dangling"));
  expect(walk()).toEqual(["s755 dangling", "s755 out"]);
});

test("a named pipe is refused by name, unless it is ignored", () => {
  mkdirSync(path.join(root, "src/a"), { recursive: true });
  execFileSync("mkfifo", [path.join(root, "src/a/pipe")]);
  expect(() => walk()).toThrow("src/a/pipe cannot be part of a build context");
  expect(walk({ ignore: "pipe" })).toEqual([]);
});

test("a name that is not UTF-8 is told as what it is", () => {
  mkdirSync(path.join(root, "src/a"), { recursive: true });
  writeFileSync(Buffer.concat([Buffer.from(`${root}/src/a/x`), Buffer.from([0xff])]), "");
  expect(() => walk()).toThrow(
    expect.objectContaining({ hint: "rename it: its name is not UTF-8", code: "BUILD_FAILED" }) as Error,
  );
});

test("what a Dockerfile or a service leaves out is not forgotten where the file cannot be read", () => {
  const texts = (): string[] =>
    readDockerignore(root, "src/a/build/a.dockerfile", "src/a").map(({ text }) => text);
  mkdirSync(path.join(root, "src/a/build"), { recursive: true });
  expect(texts()).toEqual([]);
  writeFileSync(path.join(root, "src/a/.dockerignore"), "keys\n");
  expect(texts()).toEqual(["keys"]);
  symlinkSync("nowhere", path.join(root, "src/a/build/a.dockerfile.dockerignore"));
  expect(texts).toThrow(
    expect.objectContaining({
      code: "CONFIG_INVALID",
      message: "src/a/build/a.dockerfile.dockerignore cannot be read",
      hint: "it is a link to nothing: mend it, or remove it",
    }),
  );
});
