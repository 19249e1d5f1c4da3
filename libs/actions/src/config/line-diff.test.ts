import { expect, test } from "vitest";
import { diffLines } from "./line-diff.ts";

test.each([
  ["abc", "abc", []],
  ["abc", "axc", ["-2b", "+2x"]],
  ["abc", "abxc", ["+3x"]],
  ["abcd", "ad", ["-2b", "-3c"]],
  ["", "ab", ["+1a", "+2b"]],
  ["ab", "", ["-1a", "-2b"]],
  ["abcabba", "cbabac", ["-1a", "-2b", "-4a", "+3a", "+6c"]],
])("from %s to %s", (before, after, changes) => {
  const found = diffLines(before.split(""), after.split(""));
  expect(found.map(({ sign, line, text }) => `${sign}${line}${text}`)).toEqual(changes);
});
