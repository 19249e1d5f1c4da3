import { expect, test } from "vitest";
import { ModelFloat } from "./cluster.ts";
import { parseYaml } from "./yaml.ts";

const valueOf = (text: string): unknown => parseYaml(`v: ${text}`, "f.yaml").value;
const scalar = (text: string): unknown => (valueOf(text) as Map<string, unknown>).get("v");

// What PyYAML 6.0's safe_load gives; ModelFloat is a Python float without a fraction.
test.each<[string, unknown]>([
  ["0644", 420],
  ["-0644", -420],
  ["0o644", "0o644"],
  ["08", "08"],
  ["0x1F", 31],
  ["0b101", 5],
  ["1_000", 1000],
  ["1:30", 90],
  ["-1:30", -90],
  ["22:22:22", 80542],
  ["1:30.5", 90.5],
  ["12345678901234567890", 12345678901234567890n],
  ["+7", 7],
  ["yes", true],
  ["Off", false],
  ["ON", true],
  ["y", "y"],
  ["n", "n"],
  ["nO", "nO"],
  ["~", null],
  ["Null", null],
  ["1e3", "1e3"],
  ["1.5e+3", new ModelFloat(1500)],
  ["1.5e3", "1.5e3"],
  ["40.0", new ModelFloat(40)],
  [".5", 0.5],
  ["1.10", 1.1],
  ["-.inf", new ModelFloat(-Infinity)],
  ["2020-01-01", "2020-01-01"],
  ['"0644"', "0644"],
  ["!!str 0644", "0644"],
  ["10.0.0.1", "10.0.0.1"],
  ["v1.2", "v1.2"],
])("%s means what PyYAML makes of it", (text, value) => {
  expect(scalar(text)).toEqual(value);
});

test.each([
  [40, "40.0"],
  [-0, "-0.0"],
  [1e16, "1e+16"],
  [Infinity, "inf"],
  [-Infinity, "-inf"],
  [Number.NaN, "nan"],
])("the float %s is printed as Python prints it", (value, text) => {
  expect(String(new ModelFloat(value))).toBe(text);
});

test("an empty and a comment-only file are null", () => {
  expect(parseYaml("", "f.yaml").value).toBeNull();
  expect(parseYaml("# nothing\n", "f.yaml").value).toBeNull();
  expect(parseYaml("---\n", "f.yaml").value).toBeNull();
});

test("merge keys are merged, and own keys win", () => {
  const { value } = parseYaml("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n", "f.yaml");
  expect((value as Map<string, unknown>).get("b")).toEqual(
    new Map([
      ["x", 1],
      ["y", 3],
    ]),
  );
});

test("the last of several equal keys counts", () => {
  expect(parseYaml("a: 1\na: 2\n", "f.yaml").value).toEqual(new Map([["a", 2]]));
});

test("keys keep their order, also those that look like numbers", () => {
  expect([...(parseYaml("b: 1\n10: 2\n9: 3\n", "f.yaml").value as Map<string, unknown>).keys()]).toEqual([
    "b",
    "10",
    "9",
  ]);
});

test("finds keys and list entries in the text, through aliases too", () => {
  const text = "top:\n  - &m\n    name: one\n  - name: two # last\nalso: *m\nflow: {a: [x, y]}\n";
  const { locate } = parseYaml(text, "f.yaml");
  expect(locate(["top", 1, "name"])).toEqual({ file: "f.yaml", line: 4, column: 5 });
  expect(locate(["also", "name"])).toEqual({ file: "f.yaml", line: 3, column: 5 });
  expect(locate(["flow", "a", 1])).toEqual({ file: "f.yaml", line: 6, column: 15 });
});

test("locates the nearest parent of what does not exist", () => {
  expect(parseYaml("a:\n  b: 1\n", "f.yaml").locate(["a", "c", "d"])).toEqual({
    file: "f.yaml",
    line: 1,
    column: 1,
  });
});

test("a syntax error has line, column and the line with a caret", () => {
  expect(() => parseYaml("a: 1\nb: c: d\n", "f.yaml")).toThrow(
    expect.objectContaining({
      code: "CONFIG_INVALID",
      location: { file: "f.yaml", line: 2, column: 5, excerpt: ["2 | b: c: d", "  |     ^"] },
    }),
  );
});

test.each(["password: *hunter2\n", "password: !hunter2 x\n", 'password: "hunter2\n'])(
  "a syntax error never shows a password (%j)",
  (text) => {
    let error: unknown;
    try {
      parseYaml(text, "f.yaml");
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: "CONFIG_INVALID" });
    const { message, location } = error as { message: string; location: object };
    expect(message + JSON.stringify(location)).not.toContain("hunter2");
  },
);

test("several documents in one file are refused", () => {
  expect(() => parseYaml("a: 1\n---\nb: 2\n", "f.yaml")).toThrow("f.yaml holds 2 YAML documents");
});

test("an alias inside its own anchor is refused", () => {
  expect(() => parseYaml("a: &a [*a]\n", "f.yaml")).toThrow("inside its own anchor");
});

test("tells the keys that a map has twice, with both places", () => {
  const { duplicateKeys } = parseYaml("a: 1\nb:\n  c: 1\n  d: {e: 1, e: 2}\na: 2\n", "f.yaml");
  expect(duplicateKeys()).toEqual([
    { key: "e", line: 4, column: 13, firstLine: 4 },
    { key: "a", line: 5, column: 1, firstLine: 1 },
  ]);
});

test("refuses a small file whose aliases stand for billions of values", () => {
  const lines = Array.from({ length: 9 }, (_, index) => {
    const items = Array.from({ length: 10 }, () => (index === 0 ? "x" : `*a${index - 1}`));
    return `a${index}: &a${index} [${items.join(", ")}]`;
  });
  expect(() => parseYaml(lines.join("\n"), "f.yaml")).toThrow("f.yaml holds more than 200000 values");
});
