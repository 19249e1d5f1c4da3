import { expect, test } from "vitest";
import type { Pod } from "./causes/types.ts";
import type { KubernetesObject } from "./objects.ts";
import { newestReplicaSet, olderPodsOf, podsOf } from "./pods-of.ts";

type Metadata = Partial<KubernetesObject["metadata"]>;

const workload = (kind: string, metadata: Metadata, status = {}): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "web", uid: "web", ...metadata },
  status,
});
const ownedBy = (uid: string): Metadata => ({ ownerReferences: [{ uid, kind: "Owner", name: uid }] });
const pod = (name: string, owner: string, metadata: Metadata = {}): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, uid: name, ...ownedBy(owner), ...metadata },
  spec: { containers: [] },
  status: {},
});
const revision = (number: string): Metadata => ({
  annotations: { "deployment.kubernetes.io/revision": number },
});
const replicaSet = (uid: string, owner: string, number: string): KubernetesObject =>
  workload("ReplicaSet", { name: uid, uid, ...ownedBy(owner), ...revision(number) });
const namesOf = (pods: readonly Pod[]): string[] => pods.map(({ metadata }) => metadata.name);

// A change has begun: the pod of the old replica set still runs, and one of the new set is ending already.
const duringChange = {
  replicaSets: [
    replicaSet("old", "web", "9"),
    replicaSet("new", "web", "10"),
    replicaSet("foreign", "other", "10"),
  ],
  pods: [
    pod("of-old", "old"),
    pod("of-new", "new"),
    pod("of-foreign", "foreign"),
    pod("ending", "new", { deletionTimestamp: "2026-11-28T00:00:00Z" }),
  ],
};

test("of a Deployment the pods of its newest replica set count, not those that it replaces", () => {
  const deployment = workload("Deployment", revision("10"));
  expect(newestReplicaSet(deployment, duringChange)?.metadata.name).toBe("new");
  expect(namesOf(podsOf(deployment, duringChange))).toEqual(["of-new"]);
  expect(olderPodsOf(deployment, duringChange)).toEqual([]);
});

test("a Deployment whose new replica set is not there yet has no pods, also where those of the old one run", () => {
  const deployment = workload("Deployment", revision("11"));
  expect(newestReplicaSet(deployment, duringChange)).toBeUndefined();
  expect(podsOf(deployment, duringChange)).toEqual([]);
});

test("of a DaemonSet the pods of its template's generation count", () => {
  const generation = (number: string): Metadata => ({ labels: { "pod-template-generation": number } });
  const daemonSet = workload("DaemonSet", {
    annotations: { "deprecated.daemonset.template.generation": "2" },
  });
  const running = {
    replicaSets: [],
    pods: [pod("first", "web", generation("1")), pod("second", "web", generation("2"))],
  };
  expect(namesOf(podsOf(daemonSet, running))).toEqual(["second"]);
  expect(olderPodsOf(daemonSet, running)).toEqual([]);
});

test("of a StatefulSet the pods of its update revision count; older ones can keep it up", () => {
  const hash = (revisionHash: string): Metadata => ({
    labels: { "controller-revision-hash": revisionHash },
  });
  const statefulSet = workload("StatefulSet", {}, { updateRevision: "web-2" });
  const running = {
    replicaSets: [],
    pods: [
      pod("web-0", "web", hash("web-1")),
      pod("web-1", "web", hash("web-2")),
      pod("x-0", "x", hash("web-1")),
    ],
  };
  expect(namesOf(podsOf(statefulSet, running))).toEqual(["web-1"]);
  expect(namesOf(olderPodsOf(statefulSet, running))).toEqual(["web-0"]);
});

test("a Pod is its own, and a Job has what it owns", () => {
  const running = { replicaSets: [], pods: [pod("alone", "nobody"), pod("of-job", "job")] };
  expect(namesOf(podsOf(workload("Pod", { name: "alone", uid: "alone" }), running))).toEqual(["alone"]);
  expect(namesOf(podsOf(workload("Job", { name: "job", uid: "job" }), running))).toEqual(["of-job"]);
});
