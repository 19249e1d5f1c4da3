import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PaiError, type ActionEvent } from "@pai/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepReport, type FailedRun } from "./failure-report.ts";
import { interrupted } from "./run-end.ts";
import { createRunMemory } from "./run-memory.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "report-"));
});
afterAll(() => rm(root, { recursive: true }));

function failingRun(folder: string): { readonly run: FailedRun; readonly events: ActionEvent[] } {
  const events: ActionEvent[] = [];
  const memory = createRunMemory((event) => events.push(event));
  const { report } = memory;
  report({ type: "planned", action: "start", services: ["a", "b"] });
  report({ type: "started", action: "start", service: "a" });
  const plan = { root: folder, order: [{ name: "a" }, { name: "b" }] };
  const connection = { context: "test", server: "https://127.0.0.1", version: "v1.34.0" };
  return { run: { action: "start", plan, connection, memory, mask: (text) => text, report }, events };
}

const read = (page: string | undefined, file = "report.md"): Promise<string> =>
  readFile(path.join(root, path.dirname(page ?? ""), file), "utf8");

test("what failed stands in a report before the run tells it, and the end writes the same folder anew", async () => {
  const { run, events } = failingRun(root);
  expect(await keepReport(run)).toBeUndefined();
  run.memory.fail("a", new PaiError("NOT_READY", "a: container main exits with 1"));
  const page = await keepReport(run);
  expect(await read(page)).toContain("# start failed: a\n");
  expect(await read(page, "junit.xml")).toContain('<failure message="a: container main exits with 1">');

  run.memory.fail("b", new PaiError("WAIT_TIMEOUT", "b: not ready in time"));
  expect(await keepReport(run)).toBe(page);
  expect(await read(page)).toContain("# start failed: a, b\n");
  expect(await readdir(path.join(root, "dist/reports"))).toHaveLength(1);
  expect(events.filter(({ type }) => type === "report")).toEqual([{ type: "report", path: page }]);
});

test("runs that fail in the same second write folders of their own", async () => {
  const runs = Array.from({ length: 5 }, (_, index) => {
    const { run } = failingRun(root);
    run.memory.fail("a", new PaiError("NOT_READY", `a: of run ${index}`));
    return run;
  });
  const pages = await Promise.all(runs.map(keepReport));
  expect(new Set(pages).size).toBe(5);
  for (const [index, page] of pages.entries()) expect(await read(page)).toContain(`a: of run ${index}`);
});

test("a report that cannot be written is a warning, and hides no failure", async () => {
  const file = path.join(root, "no-folder");
  await writeFile(file, "");
  const { run, events } = failingRun(file);
  run.memory.fail("a", new PaiError("NOT_READY", "a: container main exits with 1"));
  expect(await keepReport(run)).toBeUndefined();
  expect(events.at(-1)).toMatchObject({
    type: "warning",
    message: expect.stringContaining("the report of the failure cannot be written: ENOTDIR"),
  });
});

test("an interruption names what had failed before, and its report", () => {
  const { run } = failingRun(root);
  run.memory.fail("a", new PaiError("NOT_READY", "a: container main exits with 1"));
  expect(
    interrupted(run, new Map([["b", { state: "cancelled" }]]), "dist/reports/x/report.md").details,
  ).toEqual(["failed   a: container main exits with 1", "report   dist/reports/x/report.md"]);
});
