import { expect, test } from "vitest";
import { parseKubectlLine, summarizeChanges } from "./kubectl-output.ts";

test.each([
  [
    "configmap/hbase-configuration created",
    { kind: "configmap", name: "hbase-configuration", change: "created" },
  ],
  [
    "daemonset.apps/hbase-master configured",
    { kind: "daemonset.apps", name: "hbase-master", change: "configured" },
  ],
  ["secret/a serverside-applied", { kind: "secret", name: "a", change: "configured" }],
  [
    "role.rbac.authorization.k8s.io/a:b unchanged",
    { kind: "role.rbac.authorization.k8s.io", name: "a:b", change: "unchanged" },
  ],
  [
    'daemonset.apps "hbase-master" deleted',
    { kind: "daemonset.apps", name: "hbase-master", change: "deleted" },
  ],
  ['pod "a" deleted from default namespace', { kind: "pod", name: "a", change: "deleted" }],
  ["configmap/a created (dry run)", undefined],
  ["node/m1 labeled", undefined],
  ["daemonset.apps/a image updated", undefined],
  ["everything was created", undefined],
])("%s", (line, expected) => {
  expect(parseKubectlLine(line)).toEqual(expected);
});

test("an object that was deleted and made again counts once, as created", () => {
  const lines = ['job.batch "a" deleted', "job.batch/a created", "configmap/b unchanged"].flatMap(
    (line) => parseKubectlLine(line) ?? [],
  );
  expect(summarizeChanges(lines)).toBe("1 created, 1 unchanged");
});
