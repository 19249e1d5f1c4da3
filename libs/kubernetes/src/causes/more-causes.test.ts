import { expect, test } from "vitest";
import { describeCause, findCauses, findRelapses } from "./find-cause.ts";
import { containerStatus, event, evidence, now, pod } from "./fixtures.ts";
import type { Cause, ContainerStatus, Evidence } from "./types.ts";

const first = (about: Evidence): Cause | undefined => findCauses(about)[0];
const exited = { exitCode: 3, reason: "Error", finishedAt: new Date(now - 4000).toISOString() };
const creating = { waiting: { reason: "ContainerCreating" } };

test("what this run makes is waited for longer than what nobody makes", () => {
  const missing = pod({
    containerStatuses: [
      containerStatus({ waiting: { reason: "CreateContainerConfigError", message: 'secret "x" not found' } }),
    ],
  });
  const isComing = (kind: string, name: string): boolean => kind === "secret" && name === "x";
  expect(first(evidence([missing]))?.doomedAfterMs).toBe(5000);
  expect(first(evidence([missing], { isComing }))?.doomedAfterMs).toBe(30_000);
});

test("a missing key names its ConfigMap", () => {
  const message = "couldn't find key k in ConfigMap ns/x";
  const missing = pod({
    containerStatuses: [containerStatus({ waiting: { reason: "CreateContainerConfigError", message } })],
  });
  const isComing = (kind: string, name: string): boolean => kind === "configmap" && name === "x";
  expect(first(evidence([missing], { isComing }))).toMatchObject({ text: message, doomedAfterMs: 30_000 });
});

test("a volume that was missing is forgotten once images are pulled", () => {
  const starting = pod({ containerStatuses: [containerStatus(creating)] });
  const missing = event("FailedMount", 'MountVolume.SetUp failed for volume "v" : secret "x" not found');
  const pulled = event("Pulled", "", { type: "Normal" });
  expect(first(evidence([starting], { events: [missing] }))?.text).toBe('volume "v": secret "x" not found');
  expect(first(evidence([starting], { events: [pulled, missing] }))).toBeUndefined();
});

test.each([
  ["Startup probe failed: not up\n", "startup probe fails: not up"],
  ["Liveness probe failed: stuck\n", "liveness probe fails: stuck"],
])("%s ends the container, which is no crash of its own", (message, text) => {
  const events = [event("Unhealthy", message, { fieldPath: "spec.containers{c}" })];
  const cause = (state: ContainerStatus["state"], restartCount: number): Cause | undefined => {
    const lastState = { terminated: { exitCode: 137, reason: "Error" } };
    return first(
      evidence([pod({ containerStatuses: [containerStatus(state, { restartCount, lastState })] })], {
        events,
      }),
    );
  };
  const waiting = { waiting: { reason: "CrashLoopBackOff" } };
  expect(cause(waiting, 1)).toEqual(
    expect.objectContaining({ text: `${text}, ended twice`, givesUp: "when it has ended 3 times" }),
  );
  expect(cause(waiting, 2)).toMatchObject({ text: `${text}, ended 3 times`, doomedAfterMs: 0 });
  expect(cause({ running: {} }, 3)).toMatchObject({ text: `${text}, ended 3 times`, doomedAfterMs: 0 });
});

test("a ready container is not trusted just after a restart, and while its liveness probe fails", () => {
  const restarted = pod({
    containerStatuses: [
      containerStatus({ running: {} }, { ready: true, restartCount: 1, lastState: { terminated: exited } }),
    ],
  });
  expect(findRelapses(evidence([restarted])).map(describeCause)).toEqual([
    "pod a-x7k on m1: container c exited with 3",
  ]);
  expect(findRelapses(evidence([restarted], { now: now + 60_000 }))).toEqual([]);
  const steady = pod({ containerStatuses: [containerStatus({ running: {} }, { ready: true })] });
  const failing = event("Unhealthy", "Liveness probe failed: stuck", { fieldPath: "spec.containers{c}" });
  expect(findRelapses(evidence([steady], { events: [failing] }))).toMatchObject([
    { text: "liveness probe fails: stuck", givesUp: "when it has ended 3 times" },
  ]);
  expect(findRelapses(evidence([steady], { events: [failing], now: now + 60_000 }))).toEqual([]);
});

test("a crashing sidecar is told; one that is killed with a Job's end is not", () => {
  const spec = { initContainers: [{ name: "s", restartPolicy: "Always" }] };
  const ended = { ...containerStatus({ terminated: { exitCode: 137, reason: "Error" } }), name: "s" };
  const crashing = pod(
    { initContainerStatuses: [ended], containerStatuses: [containerStatus({ running: {} })] },
    spec,
  );
  expect(first(evidence([crashing]))).toMatchObject({ container: "s", text: "exited with 137" });
  const done = containerStatus({ terminated: { exitCode: 0, reason: "Completed" } });
  const over = pod({ initContainerStatuses: [ended], containerStatuses: [done] }, spec);
  expect(first(evidence([over]))).toBeUndefined();
  expect(first(evidence([pod({ ...over.status, phase: "Succeeded" }, spec)]))).toBeUndefined();
});

test("a claim tells why it gets no volume", () => {
  const unbound = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: x";
  const pending = pod(
    { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", message: unbound }] },
    { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] },
  );
  const { nodeName: _, ...spec } = pending.spec;
  const about = { uid: "claim-1", kind: "PersistentVolumeClaim", name: "data" };
  const tell = (reason: string, message: string): ReturnType<typeof first> =>
    first(evidence([{ ...pending, spec }], { events: [event(reason, message, about)] }));
  expect(tell("ProvisioningFailed", 'storageclass.storage.k8s.io "fast" not found')).toMatchObject({
    text: 'its volume claim data gets no volume: storageclass.storage.k8s.io "fast" not found',
    doomedAfterMs: 5000,
  });
  const waiting = tell(
    "ExternalProvisioning",
    "Waiting for a volume to be created either by the external provisioner 'example.com/p' or manually",
  );
  expect(waiting?.text).toBe(
    "its volume claim data gets no volume yet: waiting for the provisioner example.com/p",
  );
  expect(waiting?.doomedAfterMs).toBeUndefined();
});

test("a pod that is larger than every node is hopeless, one that only finds no room is not", () => {
  const message = "0/1 nodes are available: 1 Insufficient memory. preemption: none";
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "m1" },
    status: { allocatable: { memory: "4Gi" } },
  };
  const of = (memory: string): Evidence =>
    evidence(
      [
        pod(
          { conditions: [{ type: "PodScheduled", status: "False", message }] },
          { containers: [{ name: "c", resources: { requests: { memory } } }] },
        ),
      ],
      { nodes: [node] },
    );
  expect(first(of("5Gi"))?.doomedAfterMs).toBe(5000);
  expect(first(of("500Mi"))?.doomedAfterMs).toBe(60_000);
});

test("a broken first pod of a StatefulSet keeps the others, and every correction, waiting", () => {
  const object = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "a", namespace: "ns", uid: "set-1" },
    spec: { replicas: 3 },
  };
  const broken = { ...pod({ containerStatuses: [containerStatus({ terminated: exited })] }) };
  const zero = { ...broken, metadata: { name: "a-0", namespace: "ns", uid: "pod-1" } };
  expect(first(evidence([zero], { object }))?.text).toBe("exited with 3; 2 pods wait for it");
  expect(first(evidence([], { object, olderPods: [zero] }))).toMatchObject({
    text: "exited with 3; it is of the revision before and keeps the new one from starting",
    hint: "kubectl delete pod -n ns a-0   lets the StatefulSet make it anew",
  });
});

test.each([
  ["exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0", 60_000],
  ["no PriorityClass with name nope was found", 5000],
  ['violates PodSecurity "restricted:latest": runAsNonRoot != true', 5000],
  ["maximum memory usage per Container is 64Mi, but limit is 128Mi", 5000],
])("pods are refused: %s", (why, doomedAfterMs) => {
  const message = `pods "a-5c7d-" is forbidden: ${why}`;
  const status = {
    conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message }],
  };
  const replicaSet = { apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: "a" }, status };
  expect(first(evidence([], { replicaSet }))).toMatchObject({
    text: `its pods are refused: ${why}`,
    doomedAfterMs,
  });
});

test("a webhook that does not answer is named", () => {
  const message =
    'Internal error occurred: failed calling webhook "w.example.com": failed to call webhook: Post "https://10.0.0.1/": dial tcp 10.0.0.1:443: connect: connection refused';
  const status = { conditions: [{ type: "ReplicaFailure", status: "True", message }] };
  const replicaSet = { apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: "a" }, status };
  expect(first(evidence([], { replicaSet }))).toMatchObject({
    text: "its pods are refused: the webhook w.example.com does not answer: connection refused",
    doomedAfterMs: 60_000,
  });
});

test("causes whose texts tell numbers keep their kind while those change", () => {
  const refusedWith = (used: number): Cause | undefined => {
    const message = `pods "a-5c7d-" is forbidden: exceeded quota: q, used: pods=${used}, limited: pods=3`;
    const status = { conditions: [{ type: "ReplicaFailure", status: "True", message }] };
    const replicaSet = { apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: "a" }, status };
    return first(evidence([], { replicaSet }));
  };
  const unscheduledWith = (message: string): Cause | undefined =>
    first(evidence([pod({ conditions: [{ type: "PodScheduled", status: "False", message }] })]));
  const probedWith = (message: string): Cause | undefined => {
    const running = pod({ containerStatuses: [containerStatus({ running: {} }, { ready: false })] });
    return first(
      evidence([running], { events: [event("Unhealthy", message, { fieldPath: "spec.containers{c}" })] }),
    );
  };
  const pairs = [
    [refusedWith(2), refusedWith(3)],
    [
      unscheduledWith("0/5 nodes are available: 3 Insufficient cpu, 2 Insufficient memory."),
      unscheduledWith("0/5 nodes are available: 5 Insufficient cpu."),
    ],
    [
      probedWith("Readiness probe failed: read tcp 10.0.0.1:4000"),
      probedWith("Readiness probe failed: read tcp 10.0.0.1:4001"),
    ],
  ];
  for (const [one, other] of pairs) {
    expect(one?.text).not.toBe(other?.text);
    expect(one?.kind).toEqual(expect.any(String));
    expect(one?.kind).toBe(other?.kind);
  }
  const claim = (name: string): Cause | undefined =>
    unscheduledWith(`0/1 nodes are available: persistentvolumeclaim "${name}" not found.`);
  expect(claim("x")?.kind).not.toBe(claim("y")?.kind);
});
