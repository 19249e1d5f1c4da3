import { expect, test } from "vitest";
import { criticalPath } from "./critical-path.ts";

const edges = new Map([
  ["hbase", ["zookeeper", "data-node"]],
  ["data-node", ["name-node"]],
]);

test("the chain that took longest, not the longest chain", () => {
  const times = new Map([
    ["zookeeper", 90],
    ["name-node", 20],
    ["data-node", 30],
    ["hbase", 5],
  ]);
  expect(criticalPath(edges, times)).toEqual([
    { name: "zookeeper", ms: 90 },
    { name: "hbase", ms: 5 },
  ]);
});

test("what was not done is no part of it", () => {
  const times = new Map([
    ["name-node", 20],
    ["hbase", 5],
  ]);
  expect(criticalPath(edges, times)).toEqual([{ name: "name-node", ms: 20 }]);
  expect(criticalPath(edges, new Map())).toEqual([]);
});
