import { expect, test } from "vitest";
import { parseBytes, parseDuration } from "./amounts.ts";

test("durations and sizes have a number and a unit", () => {
  expect(parseDuration("--older-than", "14d")).toBe(14 * 24 * 3_600_000);
  expect(parseDuration("--older-than", "90m")).toBe(5_400_000);
  expect(parseBytes("--build-cache", "1.5gb")).toBe(1_500_000_000);
  expect(parseBytes("--build-cache", "0B")).toBe(0);
});

test.each(["14", "d", "-1d", "2 weeks", "1constructor"])("%s is no duration", (text) => {
  expect(() => parseDuration("--older-than", text)).toThrow(`--older-than ${text}: this is no amount`);
});
