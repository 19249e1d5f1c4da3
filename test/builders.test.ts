// Both builders of an engine: what they make of the same tree, and how they fail and end.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { formatError } from "@pai/core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createImageTree, engine, importShell, type ImageTree, type Outcome } from "./support/docker.ts";
import { startRegistry, type TestRegistry } from "./support/registry.ts";

const shell = `pai-shell-${process.pid}`;
const builders = ["buildkit", "classic"] as const;
let registry: TestRegistry;
let tree: ImageTree | undefined;

beforeAll(async () => {
  registry = await startRegistry();
  await importShell(shell);
});
afterAll(async () => {
  await registry.stop();
  await engine("DELETE", `/images/${shell}:1?force=true`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await tree?.remove();
  tree = undefined;
});

async function treeOf(files: Record<string, string>): Promise<ImageTree> {
  tree = await createImageTree({ registry: registry.host, files });
  return tree;
}

/** The only error of a run, as a person reads it, without the tree's own names. */
function textOf({ errors }: Outcome): string {
  expect(errors).toHaveLength(1);
  return formatError(errors[0]).replaceAll(tree?.name("") ?? "", "");
}

test.each(builders)(
  "%s shows a failing step with its line, its exit code and its last words",
  async (builder) => {
    const { build } = await treeOf({
      "src/{a}/build/{a}.dockerfile": `ARG X=1\nFROM ${shell}:1 AS first\nENV A=1\nFROM first\nRUN true\nRUN echo broken >&2; exit 7\n`,
    });
    const text = textOf(await build({ builder }));
    expect(text).toMatch(/error\[BUILD_FAILED\]: a: step (2\/2|stage-1 2\/2|6\/6) ended with exit code 7/);
    expect(text).toContain("--> src/a/build/a.dockerfile:6\n");
    expect(text).toContain("last lines:\n     broken\n");
  },
);

test("a source that is not there is shown with its COPY", async () => {
  const { build } = await treeOf({ "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY build/gone /x\n` });
  const text = textOf(await build({ builder: "classic" }));
  expect(text).toContain("error[BUILD_FAILED]: a: step 2/2 failed\n  --> src/a/build/a.dockerfile:2");
  expect(text).toContain("COPY failed: file not found in build context");
});

test("what only BuildKit knows is refused with its line where the classic builder is asked for", async () => {
  const { build } = await treeOf({
    "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nRUN --mount=type=cache,target=/c true\n`,
  });
  const text = textOf(await build({ builder: "classic" }));
  expect(text).toContain(
    "a: the classic builder does not know RUN --mount\n  --> src/a/build/a.dockerfile:2",
  );
  expect(text).toContain("hint: build with BuildKit");
});

test("DOCKER_BUILDKIT=0 chooses the classic builder, which takes over its own earlier steps", async () => {
  vi.stubEnv("DOCKER_BUILDKIT", "0");
  const { build, write } = await treeOf({
    "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY build/x /x\nRUN echo two > /y\n`,
    "src/{a}/build/x": "1",
    "src/{a}/build/z": "1",
  });
  expect((await build()).images).toEqual({ a: "built" });
  expect((await build()).images).toEqual({ a: "already built here" });
  await write({
    "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY build/x /x\nRUN echo two > /y\nCOPY build/z /\n`,
  });
  const { events } = await build();
  const steps = events.flatMap((event) =>
    event.type === "step" ? [`${event.number}/${event.total} ${event.state}`] : [],
  );
  expect(steps).toEqual(["1/4 started", "1/4 done", "2/4 cached", "3/4 cached", "4/4 started", "4/4 done"]);
});
