import type { ActionEvent } from "@pai/core";
import { expect, test } from "vitest";
import { ciOf } from "./ci/ci.ts";
import { createPlainView, type PlainViewOptions } from "./plain.ts";

const image = { service: "base", image: "base" };
const events: readonly ActionEvent[] = [
  { type: "started", action: "build", ...image },
  { type: "output", ...image, line: "Get:1 http://deb" },
  { type: "output", service: "hbase", line: "configmap/x created" },
  { type: "warning", message: "old", location: { file: "a.yaml", line: 2 } },
  { type: "finished", action: "build", ...image, outcome: "changed", detail: "built", ms: 10 },
];

function show(options: Partial<PlainViewOptions>): string[] {
  let text = "";
  const view = createPlainView({ write: (part) => (text += part), verbose: false, now: () => 0, ...options });
  events.forEach(view.report);
  view.end();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.trim().replaceAll(/ {2,}/g, "  "));
}

test("what build steps print is left to the log file, what scripts print is shown", () => {
  expect(show({})).toEqual([
    "base  building",
    "hbase  │ configmap/x created",
    "warning: old  (a.yaml:2)",
    "base  built  0.0 s",
  ]);
});

test("how far a push is comes every 15 s, however often it is told", () => {
  let text = "";
  let time = 0;
  const view = createPlainView({ write: (part) => (text += part), verbose: false, now: () => time });
  for (; time <= 30_000; time += 2500) view.report({ type: "progress", ...image, text: `at ${time}` });
  view.end();
  expect([...text.matchAll(/at (\d+)/g)].map(([, at]) => at)).toEqual(["0", "15000", "30000"]);
});

test("--verbose shows every line as it comes", () => {
  expect(show({ verbose: true })[1]).toBe("base  │ Get:1 http://deb");
});

test("a CI system gets a folded block a task, and warnings beside the code", () => {
  expect(show({ ci: ciOf({ GITHUB_ACTIONS: "true" }) })).toEqual([
    "base  building",
    "warning: old  (a.yaml:2)",
    "::warning file=a.yaml,line=2::old",
    "::group::output of base",
    "│ Get:1 http://deb",
    "::endgroup::",
    "base  built  0.0 s",
  ]);
});

test("a service that is not ready says since when, when its wait ends, and how many wait for it until they need not", () => {
  let text = "";
  const view = createPlainView({ write: (part) => (text += part), verbose: false, now: () => 0 });
  const waiting = {
    type: "waiting",
    service: "zookeeper",
    object: "StatefulSet zookeeper",
    reason: "pod zookeeper-0 on m1: container main exited with 1, twice",
    since: new Date(2026, 10, 28, 4, 0, 12).toISOString(),
    givesUp: "at the third exit",
  } as const;
  const task = (service: string, ...needs: string[]): { service: string; needs: string[] } => ({
    service,
    needs,
  });
  const tasks = [
    task("zookeeper"),
    task("hbase", "zookeeper"),
    task("yarn", "zookeeper"),
    task("web", "yarn"),
  ];
  view.report({ type: "planned", action: "start", services: tasks.map(({ service }) => service), tasks });
  view.report(waiting);
  view.report({ type: "skipped", action: "start", service: "yarn", because: "no" });
  view.report(waiting);
  view.end();
  const lines = text.split("\n").filter((line) => line.includes("not ready"));
  const line =
    "  zookeeper               not ready    pod zookeeper-0 on m1: container main exited with 1, twice · since 04:00:12 · gives up at the third exit";
  expect(lines).toEqual([`${line} · 2 services wait for it`, `${line} · 1 service waits for it`]);
});
