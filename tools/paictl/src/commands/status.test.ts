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
