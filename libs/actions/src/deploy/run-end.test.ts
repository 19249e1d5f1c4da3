import type { NodeResult } from "@pai/plan";
import { expect, test } from "vitest";
import type { TimedOutcome } from "./run.ts";
import { summaryOf } from "./run-end.ts";

const done = (ms: number, outcome: TimedOutcome["outcome"] = "changed"): NodeResult<TimedOutcome> => ({
  state: "done",
  value: { outcome, detail: "", ms },
});
const edges = new Map([
  ["hbase", new Set(["zookeeper", "hadoop"])],
  ["hadoop", new Set(["zookeeper"])],
  ["monitoring", new Set<string>()],
]);
const summarize = (
  results: Readonly<Record<string, NodeResult<TimedOutcome>>>,
): ReturnType<typeof summaryOf> =>
  summaryOf({ action: "start", plan: { edges } }, new Map(Object.entries(results)), 12_300);

test("the summary names the slowest of what was changed, and the chain that took longest", () => {
  const results = {
    zookeeper: done(2000),
    hadoop: done(6000),
    hbase: done(4300),
    monitoring: done(8000),
    grafana: done(9000, "unchanged"),
  };
  expect(summarize(results)).toEqual({
    type: "summary",
    text: "5 services: 4 started, 1 unchanged · longest: monitoring 8.0 s, hadoop 6.0 s, hbase 4.3 s",
    ms: 12_300,
    criticalPath: [
      { name: "zookeeper", ms: 2000 },
      { name: "hadoop", ms: 6000 },
      { name: "hbase", ms: 4300 },
    ],
  });
});

test("what failed or was not touched is counted, and has no time", () => {
  const results: Readonly<Record<string, NodeResult<TimedOutcome>>> = {
    zookeeper: done(2000),
    hadoop: { state: "failed", error: new Error("x") },
    hbase: { state: "skipped", because: "hadoop" },
  };
  expect(summarize(results)).toMatchObject({
    text: "3 services: 1 started, 1 failed, 1 skipped · longest: zookeeper 2.0 s",
    criticalPath: [{ name: "zookeeper", ms: 2000 }],
  });
});

test("nothing is the slowest where nothing changed, or where there is one service", () => {
  expect(summarize({ zookeeper: done(20, "unchanged"), hadoop: done(30, "unchanged") })).toMatchObject({
    text: "2 services: 2 unchanged",
  });
  expect(summarize({ zookeeper: done(2000) })).toMatchObject({ text: "1 service: 1 started" });
});
