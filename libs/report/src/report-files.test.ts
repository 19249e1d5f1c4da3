import { PaiError } from "@pai/core";
import { expect, test } from "vitest";
import { reportFiles } from "./report-files.ts";
import type { RunRecord } from "./run-record.ts";

const at = (second: number): string => `2026-11-23T05:30:${String(second).padStart(2, "0")}.000Z`;
const run: RunRecord = {
  action: "start",
  tool: "0.1.0",
  started: at(0),
  ended: at(30),
  cluster: { name: "pai-local", server: "https://10.77.0.1:6443", version: "v1.34.4" },
  events: [
    {
      time: at(0),
      type: "planned",
      action: "start",
      services: ["zookeeper", "name-node", "hbase"],
      tasks: [
        { service: "zookeeper", needs: [] },
        { service: "name-node", needs: [] },
        { service: "hbase", needs: ["name-node"] },
      ],
    },
    { time: at(1), type: "started", action: "start", service: "name-node" },
    { time: at(2), type: "output", service: "name-node", line: "daemonset created" },
    {
      time: at(3),
      type: "finished",
      action: "start",
      service: "zookeeper",
      outcome: "unchanged",
      detail: "1/1 pods",
      ms: 3000,
    },
    { time: at(9), type: "waiting", service: "name-node", reason: "exited with 1 | twice" },
    {
      time: at(29),
      type: "failed",
      action: "start",
      service: "name-node",
      code: "NOT_READY",
      message: "name-node did not become ready: <exit 1>\u0007",
      ms: 28_000,
    },
    { time: at(29), type: "skipped", action: "start", service: "hbase", because: "name-node failed" },
  ],
  errors: [new PaiError("NOT_READY", "name-node did not become ready", { hint: "look at its log" })],
  evidence: [
    {
      service: "name-node",
      objects: [{ name: "DaemonSet name-node", yaml: "kind: DaemonSet\n" }],
      pods: [
        {
          name: "name-node-x7k",
          node: "m1",
          yaml: "kind: Pod\n",
          logs: [
            {
              container: "main",
              run: "previous",
              text: `${Array.from({ length: 50 }, (_, line) => `line ${line}`).join("\n")}\n\`\`\`\n`,
            },
          ],
        },
      ],
      events: [
        { time: at(8), type: "Warning", reason: "BackOff", about: "Pod name-node-x7k", message: "back-off" },
      ],
      gaps: [],
    },
  ],
};
const files = new Map(reportFiles(run).map(({ name, text }) => [name, text]));
const markdown = files.get("report.md") ?? "";

test("logs and objects have files of their own, beside the three reports", () => {
  expect([...files.keys()]).toEqual([
    "report.md",
    "report.json",
    "junit.xml",
    "name-node/DaemonSet-name-node.yaml",
    "name-node/Pod-name-node-x7k.yaml",
    "name-node/name-node-x7k.main.previous.log",
  ]);
});

test("the page tells cause, plan, timeline, pods with the end of their logs, and events", () => {
  expect(markdown).toContain("# start failed: name-node\n");
  expect(markdown).toContain("error[NOT_READY]: name-node did not become ready\n  hint: look at its log");
  expect(markdown).toContain("| hbase | name-node | skipped |  | name-node failed |");
  expect(markdown).toContain("| +9.0 s | name-node | not ready: exited with 1 \\| twice |");
  expect(markdown).not.toContain("daemonset created");
  expect(markdown).toContain("### Pod name-node-x7k on m1");
  expect(markdown).toContain("[main, before its restart](name-node/name-node-x7k.main.previous.log)");
  expect(markdown).toContain("line 49");
  expect(markdown).not.toContain("line 20\n");
  expect(markdown).toContain("| Warning | Pod name-node-x7k | BackOff | back-off |");
});

test("a log that looks like Markdown does not leave its block", () => {
  expect(markdown).toContain("````text\nline 21");
});

test("a program finds events, errors and how each service ended", () => {
  const report = JSON.parse(files.get("report.json") ?? "") as Record<string, unknown>;
  expect(report).toMatchObject({
    action: "start",
    services: [
      { state: "unchanged" },
      { service: "name-node", state: "failed", ms: 28_000 },
      { state: "skipped" },
    ],
    errors: [{ code: "NOT_READY", hint: "look at its log" }],
  });
  expect(report["events"]).toHaveLength(run.events.length);
});

test("CI sees a test case a service, whatever characters a message holds", () => {
  const junit = files.get("junit.xml");
  expect(junit).toContain('tests="3" failures="1" errors="0" skipped="1"');
  expect(junit).toContain('<testcase name="zookeeper" classname="paictl.start" time="3.000"/>');
  expect(junit).toContain('<failure message="name-node did not become ready: &lt;exit 1&gt;�">');
});
