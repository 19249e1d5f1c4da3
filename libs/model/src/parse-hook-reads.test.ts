import { formatLocation } from "@pai/core";
import { expect, test } from "vitest";
import { parseService } from "./parse-service.ts";
import type { Service } from "./service.ts";

const there = new Set(["src/hbase/build/build-pre.sh", "docs", "version/PAI.VERSION"]);

function read(build: string, exists = there): Service {
  const dockerfiles = new Map([["hbase.dockerfile", "FROM scratch\n"]]);
  const serviceYaml = `build: {${build}}\n`;
  return parseService({ name: "hbase", dockerfiles, serviceYaml, exists: (path) => exists.has(path) });
}

test("files and folders are known by their paths from the tree's root", () => {
  const { hookReads, problems } = read("reads: [docs/, ./version//PAI.VERSION]");
  expect(problems).toEqual([]);
  expect(hookReads).toEqual(["docs", "version/PAI.VERSION"]);
});

test("a service that declares nothing has none", () => {
  expect(read("epoch: 1")).not.toHaveProperty("hookReads");
  expect(read("reads: []").problems).toEqual([]);
});

const fromRoot = "(write it from the tree's root, without .. and /: docs, or version/PAI.VERSION)";

test.each([
  [
    "reads: docs",
    "build.reads must list files and folders, not be a text (write it as a list: reads: [docs])",
  ],
  ["reads: {a: b}", "build.reads must list files and folders, not be a map"],
  ["reads: [/etc]", `build.reads[1] must be a file or folder inside the tree, not "/etc" ${fromRoot}`],
  [
    "reads: [docs/../../x]",
    `build.reads[1] must be a file or folder inside the tree, not "docs/../../x" ${fromRoot}`,
  ],
  ["reads: [.]", `build.reads[1] must be a file or folder inside the tree, not "." ${fromRoot}`],
  ["reads: [3]", `build.reads[1] must be a file or folder inside the tree, not a number ${fromRoot}`],
  ["reads: [doc]", `build.reads[1] names doc, but it does not exist ${fromRoot}`],
  [
    "reads: [dist/made]",
    "build.reads[1] is in dist, which builds write and hooks do not see (read what it is made from)",
  ],
])("%s is told with its place", (build, expected) => {
  const { problems, hookReads } = read(build);
  expect(hookReads).toBeUndefined();
  expect(problems.map(({ location }) => location && formatLocation(location))).toEqual([
    expect.stringMatching(/^src\/hbase\/deploy\/service\.yaml:1:\d+$/),
  ]);
  expect(
    problems.map(({ message, hint }) => [message, hint && `(${hint})`].filter(Boolean).join(" ")),
  ).toEqual([expected]);
});

test("a service without hooks reads nothing, and is told so", () => {
  expect(read("reads: [docs]", new Set(["docs"])).problems).toEqual([
    expect.objectContaining({
      message: "build.reads is not used: the service has no build-pre.sh or build-post.sh",
    }),
  ]);
});
