import { expect, test } from "vitest";
import { ModelFloat, type ModelValue } from "./cluster.ts";
import { formatModelJson, formatModelYaml } from "./format-model.ts";
import { maskModel } from "./mask-model.ts";
import { parseYaml } from "./yaml.ts";

const model = new Map<string, ModelValue>([
  ["10", "b"],
  ["9", "a"],
  ["yes", "no"],
  [
    "texts",
    ["", " x", "0644", "1:30", "a: b", "#", "x #y", "- a", "null", "~", "two\nlines", "é\u0085", "a:", "%a"],
  ],
  [
    "numbers",
    [1, 0.5, new ModelFloat(40), new ModelFloat(1e300), 1e-7, -(2n ** 70n), new ModelFloat(Infinity)],
  ],
  [
    "empty",
    new Map<string, ModelValue>([
      ["map", new Map()],
      ["list", []],
    ]),
  ],
  [
    "nested",
    [
      [1, [2]],
      new Map<string, ModelValue>([
        ["a", new Map([["b", null]])],
        ["c", [true]],
      ]),
      [],
    ],
  ],
]);

test("YAML gives the same model when it is read again", () => {
  expect(parseYaml(formatModelYaml(model), "").value).toEqual(model);
  expect(formatModelYaml(new Map())).toBe("{}\n");
});

test("JSON tells ints and floats apart and keeps the order of keys", () => {
  expect(
    parseYaml(formatModelJson(new Map([...model].filter(([key]) => key !== "numbers"))), "").value,
  ).toEqual(new Map([...model].filter(([key]) => key !== "numbers")));
  expect(formatModelJson([40, new ModelFloat(40), 1e-7, new ModelFloat(Number.NaN), 2n ** 70n])).toBe(
    "[\n  40,\n  40.0,\n  1.0e-7,\n  NaN,\n  1180591620717411303424\n]",
  );
});

test("secrets are masked wherever they stand, short ones where they are the whole value", () => {
  const shown = maskModel({
    model: new Map<string, ModelValue>([
      ["password", "hunter22"],
      ["url", "http://ops:hunter22@x"],
      ["pin", 123],
      ["count", 1234],
      ["list", ["hunter22", "a123"]],
    ]),
    secrets: ["hunter22", "123"],
  });
  expect(formatModelJson(shown)).toBe(
    '{\n  "password": "***",\n  "url": "http://ops:***@x",\n  "pin": "***",\n  "count": 1234,\n  "list": [\n    "***",\n    "a123"\n  ]\n}',
  );
});
