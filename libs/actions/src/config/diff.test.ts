import { expect, test } from "vitest";
import { createLineMask, differences } from "./diff.ts";

const texts = (entries: Record<string, string>): ReadonlyMap<string, string> =>
  new Map(Object.entries(entries));

test("files of one side only, and changed lines with their numbers", () => {
  const found = differences(
    texts({ "a.yaml": "x: 1\ny: 2\n", "old.yaml": "", "same.yaml": "z" }),
    texts({ "a.yaml": "x: 1\ny: 3\n", "new.yaml": "", "same.yaml": "z" }),
    (line) => line,
  );
  expect(found).toEqual([
    {
      name: "a.yaml",
      changes: [
        { sign: "-", line: 2, text: "y: 2" },
        { sign: "+", line: 2, text: "y: 3" },
      ],
    },
    { name: "new.yaml", only: "local", changes: [] },
    { name: "old.yaml", only: "pushed", changes: [] },
  ]);
});

test.each([
  ["  password: hunter2", "  password: ***"],
  ["db-token: 'a b'  # rotate", "db-token: ***  # rotate"],
  ['{user: x, password: "a\\"b", host: y}', "{user: x, password: ***, host: y}"],
  ["  secret-name: pai-registry", "  secret-name: pai-registry"],
  ["api-key: 12", "api-key: ***"],
  ["url: http://x/?k=knownsecret", "url: http://x/?k=***"],
  ["  second line of a key", "  ***"],
])("%s is shown as %s", (line, shown) => {
  const secrets = ["knownsecret", "first\nsecond line of a key"];
  expect(createLineMask(secrets, ["api-key"])(line)).toBe(shown);
});
