import { expect, test } from "vitest";
import { formatDuration, formatLine } from "./progress.ts";

test("durations are seconds up to a minute", () => {
  expect(formatDuration(62)).toBe("0.1 s");
  expect(formatDuration(59_900)).toBe("59.9 s");
  expect(formatDuration(312_400)).toBe("5 min 12 s");
});

test("a line has its duration at the right, and its text is cut before that is", () => {
  const line = formatLine("[ok]", "registry", "installed, 127.0.0.1:5077", 3000);
  expect(line).toBe(`  [ok]   registry                   installed, 127.0.0.1:5077${" ".repeat(34)}3.0 s`);
  const long = formatLine("[..]", "Kubernetes", "x".repeat(200), 3000);
  expect(long).toHaveLength(line.length);
  expect(long).toMatch(/x… 3\.0 s$/);
});
