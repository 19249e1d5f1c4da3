import { expect, test } from "vitest";
import { judge, mustEnter, parseDockerignore } from "./dockerignore.ts";

function isIgnored(content: string, path: string): boolean {
  const patterns = parseDockerignore(content, ".dockerignore");
  let hits: readonly boolean[] | undefined;
  let ignored = false;
  const steps = path.split("/");
  for (const [index] of steps.entries()) {
    const verdict = judge(patterns, steps.slice(0, index + 1).join("/"), hits);
    ({ hits, ignored } = verdict);
  }
  return ignored;
}

test.each([
  ["deploy", "deploy/x.yaml", true],
  ["deploy/", "deploy/x.yaml", true],
  ["/deploy", "deploy", true],
  ["deploy", "build/deploy", false],
  ["**/deploy", "build/deploy", true],
  ["*.md", "a.md", true],
  ["*.md", "a/b.md", false],
  ["**/*.md", "a/b.md", true],
  ["**/*.md", "b.md", true],
  ["a?c", "abc", true],
  ["a?c", "a/c", false],
  ["[a-c].txt", "b.txt", true],
  ["[^a].txt", "b.txt", true],
  ["a+(b).txt", "a+(b).txt", true],
  ["# a comment\n#a.txt", "#a.txt", false],
  ["\\#a.txt", "#a.txt", true],
  ["*\n!keep", "keep/me", false],
  ["*\n!keep\nkeep/secret", "keep/secret", true],
  ["!keep\n*", "keep", true],
  ["Read.me", "read.me", false],
  ["ü*", "übung", true],
  ["\uFEFFa.txt\r\nb.txt\r\n", "a.txt", true],
  ["build/../deploy", "deploy", true],
])("%j leaves out %s: %s", (content, path, expected) => {
  expect(isIgnored(content, path)).toBe(expected);
});

test("an ignored folder is entered for an exception that names something in it", () => {
  const patterns = parseDockerignore("*\n!build/bin/start.sh", ".dockerignore");
  expect(mustEnter(patterns, "build")).toBe(true);
  expect(mustEnter(patterns, "build/bin")).toBe(true);
  expect(mustEnter(patterns, "deploy")).toBe(false);
});

test("names the line of a pattern that says nothing", () => {
  expect(() => parseDockerignore("a\n!", "src/a/.dockerignore")).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID", location: { file: "src/a/.dockerignore", line: 2 } }),
  );
});
