import { expect, test } from "vitest";
import { plainLine, seconds, taskLine } from "./lines.ts";

test("a finished service stands in columns with its duration on the right", () => {
  const line = plainLine({
    type: "finished",
    action: "start",
    service: "zookeeper",
    outcome: "unchanged",
    detail: "1/1 pods",
    ms: 120,
  });
  expect(line).toBe(
    "  zookeeper               nothing changed    1/1 pods                                          0.1 s",
  );
  expect(line).toHaveLength(100);
});

const about = { type: "finished", action: "build", service: "hbase", image: "hbase", ms: 1200 } as const;
const sum = `sha256:77d0f1a2b3c4${"5".repeat(52)}`;

test("an image that has ended is named by the registry's digest, or else by the engine's id", () => {
  const found = { ...about, outcome: "unchanged", detail: "in the registry", digest: sum } as const;
  expect(plainLine(found)).toBe(
    "  hbase                   nothing changed    in the registry, sha256:77d0f1a2b3c4              1.2 s",
  );
  const built = { ...about, outcome: "changed", detail: "built c-9d2c77ab12345678, 45.2 MB" } as const;
  expect(plainLine({ ...built, imageId: sum })).toBe(
    "  hbase                   built c-9d2c77ab12345678, 45.2 MB, id 77d0f1a2b3c4                   1.2 s",
  );
  const pushed = { ...about, outcome: "changed", detail: "pushed sha256:77d0f1a2b3c4" } as const;
  expect(plainLine({ ...pushed, digest: sum })).toBe(
    "  hbase                   pushed sha256:77d0f1a2b3c4                                           1.2 s",
  );
});

test("what names an image goes below a line that has no room for it", () => {
  const detail = "built c-9d2c77ab12345678, 45.2 MB, 2 of 4 steps from the cache";
  const event = { ...about, outcome: "changed", detail, imageId: sum } as const;
  expect(plainLine(event)).toBe(
    `${`  hbase                   ${detail}`.padEnd(95)}1.2 s\n${" ".repeat(26)}id 77d0f1a2b3c4`,
  );
  expect(taskLine(event, "hbase")).toBe(`${`  ${detail}, id 77d0f1a2b3c4`.padEnd(95)}1.2 s`);
  const narrow = plainLine({ ...event, detail: "built c-9d2c77ab12345678, 45.2 MB" }, { width: 79 });
  expect(narrow?.split("\n").map((line) => line.length)).toEqual([79, 41]);
});

test("an image with another name than its service is named with it", () => {
  expect(plainLine({ type: "started", action: "push", service: "drivers", image: "drivers-410" })).toBe(
    "  drivers/drivers-410     pushing",
  );
});

test("only the first line of a failure is shown; the whole error follows at the end", () => {
  expect(
    plainLine({
      type: "failed",
      action: "build",
      service: "hbase",
      code: "BUILD_FAILED",
      message: "step 2\nlong",
      ms: 60_000,
    }),
  ).toBe(
    "  hbase                   failed       step 2                                              1 min 0 s",
  );
});

test("a warning says where", () => {
  expect(
    plainLine({
      type: "warning",
      message: "duplicate key",
      location: { file: "configuration/layout.yaml", line: 3 },
    }),
  ).toBe("warning: duplicate key  (configuration/layout.yaml:3)");
});

test.each([
  [40, "0.0 s"],
  [59_940, "59.9 s"],
  [312_400, "5 min 12 s"],
])("%i ms read as %s", (ms, text) => {
  expect(seconds(ms)).toBe(text);
});

test("within a task of one service its name is not repeated, and other images of it are named", () => {
  expect(taskLine({ type: "output", service: "hbase", line: "configmap/x created" }, "hbase")).toBe(
    "  │ configmap/x created",
  );
  expect(
    taskLine({ type: "output", service: "drivers", image: "drivers-410", line: "x" }, "drivers"),
  ).toContain("drivers/drivers-410");
  expect(taskLine({ type: "planned", action: "start", services: ["hbase"] }, "hbase")).toBeUndefined();
});

test("what is waited for has no more words than are known", () => {
  expect(plainLine({ type: "waiting", service: "hbase", reason: "another run starts it" })).toBe(
    "  hbase                   another run starts it",
  );
});
