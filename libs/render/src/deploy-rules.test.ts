import type { DeployRule } from "@pai/model";
import { parseManifestYaml } from "@pai/model";
import { expect, test } from "vitest";
import { injectDeployRules, withDeployRules } from "./deploy-rules.ts";

const rules: readonly DeployRule[] = [
  { operator: "in", label: "pai-worker", line: 1 },
  { operator: "notin", label: "no-hbase", line: 2 },
];
const expressions = [
  { key: "pai-worker", operator: "In", values: ["true"] },
  { key: "no-hbase", operator: "NotIn", values: ["true"] },
];
const required = (nodeSelectorTerms: unknown[]) => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
});
const workload = (kind: string, affinity?: unknown) => ({
  kind,
  spec: { template: { spec: { containers: [], ...(affinity === undefined ? {} : { affinity }) } } },
});

test.each(["DaemonSet", "Deployment", "StatefulSet", "ReplicaSet", "Job"])("a %s gets the rules", (kind) => {
  expect(withDeployRules(workload(kind), rules)).toEqual(
    workload(kind, required([{ matchExpressions: expressions }])),
  );
});

test("a Pod and a CronJob keep their pod spec elsewhere", () => {
  const affinity = required([{ matchExpressions: expressions }]);
  expect(withDeployRules({ kind: "Pod", spec: {} }, rules)).toEqual({ kind: "Pod", spec: { affinity } });
  expect(withDeployRules({ kind: "CronJob", spec: { jobTemplate: workload("") } }, rules)).toMatchObject({
    spec: { jobTemplate: { spec: { template: { spec: { affinity } } } } },
  });
});

test("each alternative that the author wrote gets the rules; other affinity stays", () => {
  const written = {
    podAntiAffinity: { x: 1 },
    ...required([
      { matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] },
      { matchFields: [{ key: "metadata.name", operator: "In", values: ["n"] }] },
      {},
    ]),
  };
  expect(withDeployRules(workload("DaemonSet", written), rules)).toEqual(
    workload("DaemonSet", {
      podAntiAffinity: { x: 1 },
      ...required([
        { matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }, ...expressions] },
        {
          matchFields: [{ key: "metadata.name", operator: "In", values: ["n"] }],
          matchExpressions: expressions,
        },
        {},
      ]),
    }),
  );
});

test("applying the rules twice is applying them once", () => {
  const once = withDeployRules(workload("DaemonSet"), rules);
  expect(withDeployRules(once, rules)).toBe(once);
});

const text = `# the service
apiVersion: v1
kind: ConfigMap
metadata: {name: a}   # stays
data: {mode: "yes"}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: b}
spec:
  template:
    spec:
      containers: [{name: c, env: [{name: X, value: "0644"}]}]
`;

test("documents without a workload keep their text, and strings stay strings", () => {
  const ruled = injectDeployRules(text, "src/a/deploy/a.yaml", rules);
  expect(ruled.split("---\n")[0]).toBe(text.split("---\n")[0]);
  const [, daemonSet] = parseManifestYaml(ruled, "a.yaml");
  expect(daemonSet?.value).toMatchObject({
    spec: {
      template: {
        spec: {
          containers: [{ env: [{ value: "0644" }] }],
          affinity: required([{ matchExpressions: expressions }]),
        },
      },
    },
  });
});

test("without rules, in clean-up jobs and in files that are no manifests nothing changes", () => {
  expect(injectDeployRules(text, "a.yaml", [])).toBe(text);
  expect(injectDeployRules(text, "deploy/delete.yaml", rules)).toBe(text);
  expect(injectDeployRules(text, "start.sh", rules)).toBe(text);
});
