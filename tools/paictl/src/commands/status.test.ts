import { expect, test } from "vitest";
import { formatStatus } from "./status.ts";

test("a line a service, its reasons beside it, and the counts at the end", () => {
  const text = formatStatus([
    { service: "zookeeper", state: "ready", pods: "1/1 pods", reasons: [] },
    {
      service: "hbase",
      state: "not ready",
      pods: "1/2 pods",
      reasons: ["DaemonSet a: no", "DaemonSet b: no"],
    },
    { service: "hdfs", state: "stopped", pods: "", reasons: [] },
  ]);
  expect(text).toBe(
    [
      "  zookeeper   ready         1/1 pods",
      "  hbase       not ready     1/2 pods   DaemonSet a: no",
      "                                       DaemonSet b: no",
      "  hdfs        stopped       -",
      "3 services: 1 ready, 1 not ready, 1 stopped",
    ].join("\n"),
  );
});

test("a revision that no start has found ready says so, and the columns stay in line", () => {
  const text = formatStatus([
    {
      service: "hbase",
      state: "not ready",
      pods: "0/1 pods",
      reasons: ["no"],
      revision: 4,
      isNeverReady: true,
    },
    { service: "hdfs", state: "ready", pods: "1/1 pods", reasons: [], revision: 12 },
    { service: "logs", state: "ready", pods: "", reasons: [] },
  ]);
  expect(text.split("\n").slice(0, 3)).toEqual([
    "  hbase   not ready     rev 4 (never ready)  0/1 pods   no",
    "  hdfs    ready         rev 12               1/1 pods",
    "  logs    ready         -                    -",
  ]);
});
