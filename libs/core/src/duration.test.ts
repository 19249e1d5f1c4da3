import { expect, test } from "vitest";
import { parseDuration } from "./duration.ts";

test.each([
  ["90s", 90_000],
  ["15m", 900_000],
  ["1.5h", 5_400_000],
  ["250ms", 250],
  ["30", 30_000],
  ["0", 0],
])("%s is a time", (text, ms) => expect(parseDuration(text)).toBe(ms));

test.each(["", "soon", "-5s", "5 min", "1d"])("%j is none", (text) =>
  expect(parseDuration(text)).toBeUndefined(),
);
