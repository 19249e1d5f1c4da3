import { PaiError } from "@pai/core";
import { expect, test } from "vitest";
import { collectResults } from "./task-results.ts";

const tasks = [
  { id: "base:build", service: "base" },
  { id: "hadoop:build-run", service: "hadoop", image: "run" },
  { id: "hadoop:build-ai", service: "hadoop", image: "ai" },
];
const finished = {
  type: "finished",
  action: "build",
  outcome: "changed",
  detail: "built c-1",
  ms: 100,
} as const;

test("each task gets its own lines, and ends when its image is done", () => {
  const printed: string[] = [];
  const { report, take, isPlanned } = collectResults(tasks, (line) => printed.push(line.trim()));
  report({ type: "connected", to: "registry", name: "r" });
  expect(isPlanned()).toBe(false);
  report({ type: "planned", action: "build", services: ["base", "hadoop"] });
  expect(isPlanned()).toBe(true);
  report({ type: "output", service: "hadoop", image: "ai", line: "of ai" });
  report({ ...finished, service: "hadoop", image: "run" });
  const ends = take();
  expect(ends.map(({ task, result }) => [task, result.status])).toEqual([["hadoop:build-run", "success"]]);
  expect(ends[0]?.result.terminalOutput).toContain("registry r\n");
  expect(ends[0]?.result.terminalOutput).not.toContain("of ai");
  expect(take()).toEqual([]);
});

test("a failed task has the whole error, and what was left out for it is skipped", () => {
  const { report, finish } = collectResults(tasks, () => {});
  const about = { action: "build", service: "base", image: "base" } as const;
  report({ type: "failed", ...about, code: "BUILD_FAILED", message: "base: RUN false", ms: 1 });
  report({ type: "skipped", action: "build", service: "hadoop", image: "run", because: "base failed" });
  report({ ...finished, service: "hadoop", image: "ai" });
  const error = new PaiError("BUILD_FAILED", "base: RUN false", { hint: "do not" });
  const ends = Object.fromEntries(finish(error).map(({ task, result }) => [task, result]));
  expect(ends["base:build"]).toMatchObject({ success: false, status: "failure" });
  expect(ends["base:build"]?.terminalOutput).toContain(
    "error[BUILD_FAILED]: base: RUN false\n  hint: do not\n",
  );
  expect(ends["hadoop:build-run"]?.status).toBe("skipped");
  expect(ends["hadoop:build-ai"]?.status).toBe("success");
});

test("what a run throws before it begins is the end of all", () => {
  const { finish } = collectResults(tasks, () => {});
  const ends = finish(new PaiError("ENGINE_UNREACHABLE", "no engine"));
  expect(ends.map(({ result }) => result.terminalOutput)).toEqual(
    tasks.map(() => "error[ENGINE_UNREACHABLE]: no engine\n"),
  );
});
