import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { contentTag, fileHasher, type ImageInputs } from "./content-hash.ts";
import type { ContextEntry } from "./walk.ts";

const file = (path: string, mode = 0o644): ContextEntry => ({
  path,
  source: `src/a/${path}`,
  type: "file",
  mode,
  size: 1,
  modified: 0,
});
const inputs: ImageInputs = {
  entries: [file("build/a.dockerfile"), file("build/x")],
  dockerfile: { path: "build/a.dockerfile", text: "FROM base\nCOPY build/x /\n" },
  bases: [{ reference: "base", identity: "c-1" }],
  hooks: [],
  hookReads: [],
  network: "host",
  settings: {},
};
const read = ({ path }: ContextEntry): string => `content of ${path}`;
const tagOf = (change: Partial<ImageInputs>, reader = read): string =>
  contentTag({ ...inputs, ...change }, reader);

test("the same inputs give the same tag, everywhere and always", () => {
  expect(contentTag(inputs, read)).toBe("c-48ee2a59dc6f5d8c");
});

test("the time and the place of a file say nothing", () => {
  const moved = inputs.entries.map((entry) => ({ ...entry, modified: 5, source: `elsewhere/${entry.path}` }));
  expect(tagOf({ entries: moved })).toBe(contentTag(inputs, read));
});

test.each<[string, string]>([
  ["a file's content", tagOf({}, ({ path }) => `other content of ${path}`)],
  ["a file's name", tagOf({ entries: [file("build/y")] })],
  ["a file's executable bit", tagOf({ entries: [file("build/x", 0o755)] })],
  ["the Dockerfile", tagOf({ dockerfile: { ...inputs.dockerfile, text: "FROM base\n" } })],
  ["a base", tagOf({ bases: [{ reference: "base", identity: "c-2" }] })],
  ["a hook", tagOf({ hooks: [{ name: "build-pre.sh", text: "true" }] })],
  ["what a hook reads", tagOf({ hookReads: [file("docs/text")] })],
  ["the network", tagOf({ network: "none" })],
  ["an argument", tagOf({ settings: { "ARG A": "1" } })],
])("%s changes the tag", (_, tag) => {
  expect(tag).not.toBe(contentTag(inputs, read));
});

test("a large file has the hash of all of it", () => {
  const root = mkdtempSync(path.join(tmpdir(), "hash-"));
  try {
    writeFileSync(path.join(root, "large"), Buffer.alloc(3 << 20, "ab"));
    const entry = { ...file("large"), source: "large" };
    const whole = fileHasher(root)({ ...entry, size: 1 });
    expect(fileHasher(root)({ ...entry, size: 3 << 20 })).toBe(whole);
  } finally {
    rmSync(root, { recursive: true });
  }
});
