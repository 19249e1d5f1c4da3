import type { ContextEntry } from "@pai/docker";
import { describe, expect, test } from "vitest";
import { compareInputs } from "./compare-inputs.ts";
import { decodeInputs, encodeInputs, inputsOf, type Inputs } from "./inputs.ts";

const none: Inputs = { dockerfile: {}, base: {}, file: {}, hook: {}, read: {}, setting: {} };

function entry(path: string, more: Partial<ContextEntry> = {}): ContextEntry {
  return { path, source: `src/a/${path}`, type: "file", mode: 0o644, size: 1, modified: 0, ...more };
}

function manyFiles(change: (name: string) => string = () => ""): Record<string, string> {
  const names = Array.from({ length: 3000 }, (_, index) => `lib/part${index % 30}/sub/file${index}`);
  return Object.fromEntries(names.map((name, index) => [name, `${index}${change(name)}`]));
}

describe("the inputs of an image", () => {
  test("files are told with hash and executable bit, links with their target, folders only when empty", () => {
    const inputs = inputsOf({
      entries: [
        entry("build/a.dockerfile"),
        entry("build/start.sh", { mode: 0o755 }),
        entry("build", { type: "directory" }),
        entry("empty", { type: "directory" }),
        entry("to", { type: "symlink", linkTarget: "build/start.sh" }),
      ],
      dockerfile: { path: "build/a.dockerfile", text: "FROM scratch\n" },
      bases: [{ reference: "debian", identity: "sha256:1" }],
      hooks: [],
      hookReads: [entry("docs/text", { source: "docs/text" })],
      settings: { network: "host" },
      hashFile: () => "0123456789abcdef",
    });
    expect(inputs).toEqual({
      ...none,
      dockerfile: { "build/a.dockerfile": expect.stringMatching(/^[0-9a-f]{12}$/) },
      base: { debian: "sha256:1" },
      file: { "build/start.sh": "0123456789abx", empty: "empty folder", to: "link to build/start.sh" },
      read: { "docs/text": "0123456789ab" },
      setting: { network: "host" },
    });
  });

  test("come back from their label as they were", () => {
    const inputs = { ...none, file: { "Grüße/a b": "12" }, base: { debian: "sha256:1" } };
    expect(decodeInputs(encodeInputs(inputs))).toEqual(inputs);
    expect(decodeInputs("nonsense")).toBeUndefined();
  });

  test("too many files are told by folder, so that the label stays short", () => {
    const label = encodeInputs({ ...none, file: manyFiles() });
    expect(label.length).toBeLessThanOrEqual(4000);
    expect(Object.keys(decodeInputs(label)?.file ?? {})).toContain("lib/part7/sub/");
    const flat = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`file${index}`, `${index}`]));
    expect(Object.keys(decodeInputs(encodeInputs({ ...none, file: flat }))?.file ?? {})).toEqual(["/"]);
  });
});

test("what hooks read is told by folder as well, and stays comparable", () => {
  const read = (change?: (name: string) => string): Inputs => ({ ...none, read: manyFiles(change) });
  const label = encodeInputs(read());
  expect(label.length).toBeLessThanOrEqual(4000);
  const old = decodeInputs(label) ?? none;
  expect(compareInputs(old, read())).toEqual([]);
  expect(
    compareInputs(
      old,
      read((name) => (name === "lib/part7/sub/file7" ? "!" : "")),
    ),
  ).toEqual([expect.objectContaining({ kind: "read", name: "lib/part7/sub/" })]);
});

describe("two states of an image", () => {
  test("differ by what was changed, added and removed, by kind and name", () => {
    const old = { ...none, file: { b: "1", a: "1", gone: "1" }, base: { x: "c-1" } };
    const current = { ...none, file: { a: "2", b: "1", fresh: "1" }, base: { x: "c-2" } };
    expect(compareInputs(old, current)).toEqual([
      { kind: "base", name: "x", old: "c-1", new: "c-2" },
      { kind: "file", name: "a", old: "1", new: "2" },
      { kind: "file", name: "fresh", new: "1" },
      { kind: "file", name: "gone", old: "1" },
    ]);
  });

  test("are comparable where the old one tells folders as one", () => {
    const old = decodeInputs(encodeInputs({ ...none, file: manyFiles() })) ?? none;
    const changed = manyFiles((name) => (name === "lib/part7/sub/file7" ? "!" : ""));
    expect(compareInputs(old, { ...none, file: manyFiles() })).toEqual([]);
    expect(compareInputs(old, { ...none, file: changed })).toEqual([
      expect.objectContaining({ kind: "file", name: "lib/part7/sub/" }),
    ]);
  });
});
