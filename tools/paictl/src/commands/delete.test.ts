import { expect, test } from "vitest";
import { formatDeletions } from "./delete.ts";

test("a question to delete names scripts, objects and what stays", () => {
  const text = formatDeletions([
    { service: "hbase", script: "src/hbase/deploy/delete.sh", objects: ["DaemonSet hbase"], kept: [] },
    { service: "store", objects: ["Deployment store"], kept: ["PersistentVolumeClaim data"] },
    { service: "idle", objects: [], kept: [] },
  ]);
  expect(text).toBe(
    [
      "hbase",
      "  runs      src/hbase/deploy/delete.sh, which takes its data away",
      "  deletes   DaemonSet hbase",
      "store",
      "  deletes   Deployment store",
      "  keeps     PersistentVolumeClaim data",
      "idle",
      "  has nothing in the cluster",
    ].join("\n"),
  );
});
