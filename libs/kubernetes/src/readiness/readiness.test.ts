import { expect, test } from "vitest";
import type { KubernetesObject } from "../objects.ts";
import { readinessOf } from "./readiness.ts";

// The statuses are as a Kubernetes 1.34 gave them; zero counters are absent there too.
function object(kind: string, spec: unknown, status: unknown, metadata = {}): KubernetesObject {
  const apiVersion =
    { Job: "batch/v1", Pod: "v1", Service: "v1", PersistentVolumeClaim: "v1" }[kind] ?? "apps/v1";
  return { apiVersion, kind, metadata: { name: "a", generation: 2, ...metadata }, spec, status };
}
const done = {
  observedGeneration: 2,
  replicas: 3,
  updatedReplicas: 3,
  readyReplicas: 3,
  availableReplicas: 3,
};

test.each<[string, unknown, unknown, string, string?]>([
  ["Deployment", { replicas: 3 }, done, "ready"],
  [
    "Deployment",
    { replicas: 3 },
    { ...done, observedGeneration: 1 },
    "waiting",
    "its controller has not seen the change yet",
  ],
  [
    "Deployment",
    { replicas: 3 },
    { ...done, updatedReplicas: 1, replicas: 4 },
    "waiting",
    "1 of 3 pods ready",
  ],
  ["Deployment", { replicas: 3 }, { ...done, replicas: 5 }, "waiting", "2 old pods have not ended yet"],
  [
    "Deployment",
    {},
    {
      observedGeneration: 2,
      conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }],
    },
    "failed",
    "made no progress within progressDeadlineSeconds",
  ],
  ["Deployment", { replicas: 0 }, { observedGeneration: 2 }, "ready"],
  ["Deployment", { replicas: 0 }, undefined, "ready"],
  [
    "Deployment",
    { replicas: 0 },
    { ...done, observedGeneration: 1 },
    "waiting",
    "its controller has not seen the change yet",
  ],
  [
    "DaemonSet",
    {},
    { observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 },
    "ready",
  ],
  [
    "DaemonSet",
    {},
    { observedGeneration: 2, desiredNumberScheduled: 2, numberAvailable: 2 },
    "waiting",
    "0 of 2 pods ready",
  ],
  [
    "DaemonSet",
    { updateStrategy: { type: "OnDelete" } },
    { observedGeneration: 2, desiredNumberScheduled: 2, numberAvailable: 2 },
    "ready",
  ],
  ["DaemonSet", {}, {}, "waiting", "its controller has not seen the change yet"],
  [
    "StatefulSet",
    { replicas: 2 },
    { observedGeneration: 2, readyReplicas: 2, currentRevision: "a", updateRevision: "a" },
    "ready",
  ],
  [
    "StatefulSet",
    { replicas: 2 },
    {
      observedGeneration: 2,
      readyReplicas: 2,
      updatedReplicas: 1,
      currentRevision: "a",
      updateRevision: "b",
    },
    "waiting",
    "1 of 2 pods ready",
  ],
  [
    "StatefulSet",
    { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
    {
      observedGeneration: 2,
      readyReplicas: 3,
      updatedReplicas: 1,
      currentRevision: "a",
      updateRevision: "b",
    },
    "ready",
  ],
  ["ReplicaSet", { replicas: 1 }, { observedGeneration: 2, replicas: 1 }, "waiting", "0 of 1 pods ready"],
  ["Job", {}, { succeeded: 1, conditions: [{ type: "Complete", status: "True" }] }, "ready"],
  ["Job", {}, { active: 1 }, "waiting", "the job runs, 0 of 1 completed"],
  [
    "Job",
    {},
    {
      conditions: [
        {
          type: "FailureTarget",
          status: "True",
          reason: "BackoffLimitExceeded",
          message: "Job has reached the specified backoff limit",
        },
      ],
    },
    "failed",
    "the job failed: Job has reached the specified backoff limit",
  ],
  ["Pod", {}, { phase: "Running", conditions: [{ type: "Ready", status: "True" }] }, "ready"],
  ["Pod", {}, { phase: "Succeeded", conditions: [{ type: "Ready", status: "False" }] }, "ready"],
  ["Pod", {}, { phase: "Failed", message: "Node had no room" }, "failed", "the pod failed: Node had no room"],
  [
    "Service",
    { type: "LoadBalancer" },
    { loadBalancer: {} },
    "waiting",
    "no load balancer has given it an address yet",
  ],
  ["Service", { type: "ClusterIP" }, { loadBalancer: {} }, "ready"],
  ["PersistentVolumeClaim", {}, { phase: "Pending" }, "ready"],
  ["Role", {}, undefined, "ready"],
])("%s %j with %j is %s", (kind, spec, status, state, reason) => {
  const expected = reason === undefined ? { state } : { state, reason };
  expect(readinessOf(object(kind, spec, status))).toMatchObject(expected);
});

test("what is being deleted is not ready", () => {
  const deleted = object(
    "DaemonSet",
    {},
    { observedGeneration: 2 },
    { deletionTimestamp: "2026-11-24T00:00:00Z" },
  );
  expect(readinessOf(deleted)).toMatchObject({ state: "waiting", reason: "is being deleted" });
});
