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
