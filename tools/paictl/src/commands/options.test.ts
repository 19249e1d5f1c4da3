import { expect, test } from "vitest";
import { durationOf } from "./options.ts";

test.each([
  ["90", 90_000],
  ["90s", 90_000],
  ["1.5m", 90_000],
  ["1h", 3_600_000],
  ["500ms", 500],
])("%s is %i ms", (text, ms) => {
  expect(durationOf(text)).toBe(ms);
});

test.each(["", "soon", "0", "-1s", "5d"])("%j is bad usage", (text) => {
  expect(() => durationOf(text)).toThrow(`"${text}" is not a time`);
});
