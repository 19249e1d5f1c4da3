import { expect, test } from "vitest";
import { formatManifestYaml, parseManifestYaml } from "./manifest-yaml.ts";

const valueOf = (text: string): unknown => parseManifestYaml(text, "x.yaml")[0]?.value;

// Each right side is what kubectl 1.32 made of the left one.
test.each<[string, unknown]>([
  ["yes", true],
  ["y", true],
  ["Off", false],
  ["true", true],
  ["TrUe", "TrUe"],
  ["0644", 420],
  ["0o644", 420],
  ["0x1F", 31],
  ["0b101", 5],
  ["-0644", -420],
  ["1_000", 1000],
  ["09", 9],
  ["1e3", 1000],
  ["1.5", 1.5],
  ["22:22", "22:22"],
  ["2026-11-24", "2026-11-24"],
  ["1.2.3", "1.2.3"],
  ["~", null],
  ["", null],
  ["'yes'", "yes"],
])("v: %s is read as kubectl reads it", (scalar, value) => {
  expect(valueOf(`v: ${scalar}\n`)).toEqual({ v: value });
});

test("merge keys are merged, and the last of two equal keys wins", () => {
  expect(valueOf("a: &a {x: 1}\nb:\n  <<: *a\n  y1: 2\n  y1: 3\n")).toEqual({
    a: { x: 1 },
    b: { x: 1, y1: 3 },
  });
});

test("documents end at --- lines only, and comment-only ones are empty", () => {
  const text = "# head\n---\na: 1\n--- # next\nb: |\n  --- x\n---\n";
  const documents = parseManifestYaml(text, "x.yaml");
  expect(documents.map(({ value, line }) => [value, line])).toEqual([
    [undefined, 1],
    [{ a: 1 }, 3],
    [{ b: "--- x\n" }, 5],
  ]);
  expect(documents.map(({ start, end }) => text.slice(start, end))[1]).toBe("a: 1\n");
});

test("a syntax error names file, line and column of the file, not of the document", () => {
  expect(() => parseManifestYaml("a: 1\n---\nb: [1\nc: 2\n", "hbase.yaml")).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID", location: { file: "hbase.yaml", line: 4, column: 1 } }),
  );
});

test.each(["yes", "y", "0644", "1e3", "1_000", "null", "a: b", "#x", " x", "multi\nline\n", "22:22", "-"])(
  "the string %j stays a string when written and read again",
  (text) => {
    expect(valueOf(formatManifestYaml({ v: text, list: [text] }))).toEqual({ v: text, list: [text] });
  },
);
