import { expect, test } from "vitest";
import { formatDeletions, questionOf } from "./delete.ts";

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

test("the question names the services and the cluster", () => {
  const deletions = ["b", "a"].map((service) => ({ service, objects: [], kept: [] }));
  const cluster = { name: "lab", address: "https://10.0.0.1:6443" };
  expect(questionOf({ cluster, deletions })).toBe(
    "Delete b, a and all that is named above from the cluster lab (https://10.0.0.1:6443)?",
  );
  expect(questionOf({ cluster: { ...cluster, id: "pai" }, deletions })).toContain(
    "from the cluster lab (https://10.0.0.1:6443, id pai)?",
  );
});
