import { expect, test } from "vitest";
import { runGraph, type RunGraphOptions } from "./run-graph.ts";

/** Work that ends when the test says so. */
function controlled() {
  const open = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  const started: string[] = [];
  return {
    started,
    start: (node: string) => {
      started.push(node);
      return new Promise<string>((resolve, reject) => open.set(node, { resolve, reject }));
    },
    finish: async (node: string) => {
      open.get(node)?.resolve(`${node} done`);
      await settled();
    },
    fail: async (node: string) => {
      open.get(node)?.reject(new Error(`${node} broke`));
      await settled();
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const { signal } = new AbortController();
const edges = new Map([
  ["name-node", ["configuration"]],
  ["zookeeper", ["configuration"]],
  ["data-node", ["name-node"]],
  ["hbase", ["data-node", "zookeeper"]],
]);
const nodes = ["configuration", "name-node", "zookeeper", "data-node", "hbase"];

test("a node starts as soon as its own needs are done, whatever else still runs", async () => {
  const work = controlled();
  const run = runGraph({ nodes, edges, limit: 9, signal, start: work.start });
  expect(work.started).toEqual(["configuration"]);
  await work.finish("configuration");
  expect(work.started).toEqual(["configuration", "name-node", "zookeeper"]);
  await work.finish("name-node");
  expect(work.started).toContain("data-node");
  await work.finish("zookeeper");
  expect(work.started).not.toContain("hbase");
  await work.finish("data-node");
  await work.finish("hbase");
  expect([...(await run)]).toEqual(nodes.map((node) => [node, { state: "done", value: `${node} done` }]));
});

test("never more than the limit run at once", async () => {
  let now = 0;
  let most = 0;
  const start = async (): Promise<void> => {
    most = Math.max(most, ++now);
    await settled();
    now -= 1;
  };
  const many = Array.from({ length: 20 }, (_, index) => `n${index}`);
  await runGraph({ nodes: many, edges: new Map(), limit: 3, signal, start });
  expect(most).toBe(3);
});

test("a failed node skips what needs it and nothing else", async () => {
  const work = controlled();
  const skipped: string[] = [];
  const onSkip: RunGraphOptions<string>["onSkip"] = (node, because) => skipped.push(`${node} < ${because}`);
  const run = runGraph({ nodes, edges, limit: 9, signal, start: work.start, onSkip });
  await work.finish("configuration");
  await work.fail("name-node");
  expect(skipped).toEqual(["data-node < name-node", "hbase < name-node"]);
  await work.finish("zookeeper");
  expect([...(await run)].map(([node, { state }]) => `${node} ${state}`)).toEqual([
    "configuration done",
    "name-node failed",
    "zookeeper done",
    "data-node skipped",
    "hbase skipped",
  ]);
});

test("work that throws before it waits is a failure too", async () => {
  const start = (): never => {
    throw new Error("at once");
  };
  const results = await runGraph({ nodes: ["a"], edges: new Map(), limit: 1, signal, start });
  expect(results.get("a")).toEqual({ state: "failed", error: new Error("at once") });
});

test("after an abort nothing is started, and what runs is waited for", async () => {
  const work = controlled();
  const controller = new AbortController();
  const run = runGraph({ nodes, edges, limit: 9, signal: controller.signal, start: work.start });
  controller.abort();
  await work.finish("configuration");
  const results = await run;
  expect(work.started).toEqual(["configuration"]);
  expect(results.get("configuration")).toEqual({ state: "done", value: "configuration done" });
  expect(results.get("hbase")).toEqual({ state: "cancelled" });
});

test("needs outside the run count as done", async () => {
  const results = await runGraph({ nodes: ["hbase"], edges, limit: 1, signal, start: async () => 1 });
  expect(results.get("hbase")).toEqual({ state: "done", value: 1 });
});

test("a cycle is refused instead of waited for", async () => {
  const cycle = new Map([
    ["a", ["b"]],
    ["b", ["a"]],
  ]);
  await expect(
    runGraph({ nodes: ["a", "b"], edges: cycle, limit: 1, signal, start: async () => 1 }),
  ).rejects.toThrow("wait for each other: a, b");
});
