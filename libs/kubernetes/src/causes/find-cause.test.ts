import { expect, test } from "vitest";
import { describeCause, findCauses } from "./find-cause.ts";
import { containerStatus, event as warning, evidence, image, now, pod } from "./fixtures.ts";
import type { Cause, ContainerStatus, Evidence, Pod } from "./types.ts";

// Statuses, conditions and messages are as a Kubernetes 1.34.4 with containerd 1.6 gave them.
function container(
  state: ContainerStatus["state"],
  more: Partial<ContainerStatus> = {},
): Partial<Pod["status"]> {
  return { containerStatuses: [containerStatus(state, more)] };
}
const findCause = (about: Evidence): Cause | undefined => findCauses(about)[0];
const waiting = (reason: string, message = ""): Partial<Pod["status"]> =>
  container({ waiting: { reason, message } });
const exited = { exitCode: 1, reason: "Error" };
const backOff = {
  waiting: { reason: "CrashLoopBackOff", message: "back-off 10s restarting failed container=c" },
};

test.each<[string, Partial<Pod["status"]>, string, number | undefined]>([
  [
    "a missing tag",
    waiting("ErrImagePull", `failed to resolve reference "${image}": ${image}: not found`),
    `container c: image ${image}: not found in the registry 127.0.0.1:5077`,
    0,
  ],
  [
    "a dead registry",
    waiting(
      "ErrImagePull",
      'Head "http://127.0.0.1:5077/v2": dial tcp 127.0.0.1:5077: connect: connection refused',
    ),
    `container c: image ${image}: the registry 127.0.0.1:5077 does not answer: connection refused`,
    60_000,
  ],
  ["a bad reference", waiting("InvalidImageName"), `container c: "${image}" is not an image reference`, 0],
  [
    "a missing ConfigMap",
    waiting("CreateContainerConfigError", 'configmap "x" not found'),
    'container c: configmap "x" not found',
    5000,
  ],
  [
    "a missing command",
    container(
      { waiting: { reason: "RunContainerError" } },
      {
        lastState: {
          terminated: {
            exitCode: 128,
            reason: "StartError",
            message:
              'failed to create containerd task: OCI runtime create failed: exec: "/x": stat /x: no such file or directory: unknown',
          },
        },
      },
    ),
    'container c: its command cannot be started: exec: "/x": stat /x: no such file or directory',
    0,
  ],
  ["a first exit", container({ terminated: exited }), "container c exited with 1", undefined],
  [
    "a second exit",
    container({ terminated: exited }, { restartCount: 1 }),
    "container c exited with 1, twice",
    undefined,
  ],
  [
    "a third try",
    container(backOff, { restartCount: 2, lastState: { terminated: exited } }),
    "container c exited with 1, 3 times",
    0,
  ],
  [
    "too much memory",
    container(backOff, {
      restartCount: 2,
      lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
    }),
    "container c was killed for using more memory than its limit, 3 times",
    0,
  ],
  [
    "a command that ends",
    container(backOff, { restartCount: 2, lastState: { terminated: { exitCode: 0, reason: "Completed" } } }),
    "container c ended with 0, but a service has to keep running, 3 times",
    0,
  ],
])("%s", (_, status, text, doomedAfterMs) => {
  const cause = findCause(evidence([pod(status)]));
  expect(cause && describeCause(cause)).toBe(`pod a-x7k on m1: ${text}`);
  expect(cause?.doomedAfterMs).toBe(doomedAfterMs);
});

test("of a pod that crashed before the run, one more crash is proof", () => {
  const crashed = pod(container(backOff, { restartCount: 7, lastState: { terminated: exited } }));
  expect(findCause(evidence([crashed], { restartsBefore: () => 7 }))?.doomedAfterMs).toBeUndefined();
  expect(findCause(evidence([crashed], { restartsBefore: () => 6 }))?.doomedAfterMs).toBe(0);
});

test("a Job's crashing container is told, but the Job itself gives up", () => {
  const crashed = pod(container(backOff, { restartCount: 4, lastState: { terminated: exited } }));
  const object = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "a" }, status: {} };
  const cause = findCause(evidence([crashed], { object }));
  expect(cause).toMatchObject({ text: "exited with 1, 5 times" });
  expect(cause).not.toHaveProperty("doomedAfterMs");
});

test("a failing init container is named", () => {
  const status = {
    name: "setup",
    ready: false,
    restartCount: 2,
    state: backOff,
    lastState: { terminated: { exitCode: 2 } },
  };
  const cause = findCause(evidence([pod({ initContainerStatuses: [status], containerStatuses: [] })]));
  expect(cause && describeCause(cause)).toBe("pod a-x7k on m1: container setup exited with 2, 3 times");
});

test("a failing probe tells its answer and may pass at any moment", () => {
  const running = pod(container({ running: {} }));
  const events = [
    warning("Unhealthy", "Readiness probe failed: not yet\n", { fieldPath: "spec.containers{c}" }),
  ];
  const cause = findCause(evidence([running], { events }));
  expect(cause).toMatchObject({ text: "readiness probe fails: not yet", log: "current" });
  expect(cause).not.toHaveProperty("doomedAfterMs");
});

test.each([
  ['configmap "x" not found', 5000],
  ["hostPath type check failed: /x is not a directory", 5000],
  ["failed to sync configmap cache: timed out waiting for the condition", 60_000],
  ["failed to fetch token: node requested token bound to a pod scheduled on a different node", 60_000],
])("a volume that cannot be mounted: %s", (why, doomedAfterMs) => {
  const starting = pod(waiting("ContainerCreating"));
  const events = [warning("FailedMount", `MountVolume.SetUp failed for volume "v" : ${why}`)];
  const text = `volume "v": ${why}`;
  expect(findCause(evidence([starting], { events }))).toMatchObject({ text, doomedAfterMs });
});

test.each([
  ["1 node(s) didn't match Pod's node affinity/selector", 5000],
  ["1 Insufficient memory", 60_000],
])("no node: %s", (why, doomedAfterMs) => {
  const message = `0/1 nodes are available: ${why}. no new claims to deallocate, preemption: 0/1 nodes are available`;
  const pending = pod({
    conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }],
  });
  expect(findCause(evidence([pending]))).toMatchObject({
    text: `no node takes it: 0/1 nodes are available: ${why}`,
    doomedAfterMs,
  });
});

test("pods that are refused: a DaemonSet tells by events, a Deployment by its replica set", () => {
  const why = 'serviceaccount "x" not found';
  const message = `pods "a-" is forbidden: error looking up service account ns/x: ${why}`;
  const expected = { text: `its pods are refused: ${why}`, doomedAfterMs: 5000 };
  const event = warning("FailedCreate", `Error creating: ${message}`, { uid: "set-1" });
  expect(findCause(evidence([], { events: [event] }))).toMatchObject(expected);
  const replicaSet = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "a-1" },
    status: { conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message }] },
  };
  expect(findCause(evidence([], { replicaSet }))).toMatchObject(expected);
});

test("pods that were refused at first are forgotten once one is made", () => {
  const refused = warning("FailedCreate", "Error creating: exceeded quota", { uid: "set-1", time: now });
  const made = (at: number): Pod => {
    const starting = pod(waiting("ContainerCreating"));
    const creationTimestamp = `${new Date(at).toISOString().slice(0, 19)}Z`;
    return { ...starting, metadata: { ...starting.metadata, creationTimestamp } };
  };
  expect(findCause(evidence([made(now - 5000)], { events: [refused] }))?.text).toContain("are refused");
  expect(findCause(evidence([made(now)], { events: [refused] }))).toBeUndefined();
});

test("what the cluster makes in each namespace by itself is given time", () => {
  const missing = (what: string): number | undefined => {
    const event = warning("FailedCreate", `Error creating: pods "a-" is forbidden: ${what}`, {
      uid: "set-1",
    });
    return findCause(evidence([], { events: [event] }))?.doomedAfterMs;
  };
  expect(missing('error looking up service account ns/default: serviceaccount "default" not found')).toBe(
    15_000,
  );
  expect(missing('error looking up service account ns/mine: serviceaccount "mine" not found')).toBe(5000);
  const map = (name: string): Pod =>
    pod(waiting("CreateContainerConfigError", `configmap "${name}" not found`));
  expect(findCause(evidence([map("kube-root-ca.crt")]))?.doomedAfterMs).toBe(30_000);
  const key = "couldn't find key x in ConfigMap ns/kube-root-ca.crt";
  expect(findCause(evidence([pod(waiting("CreateContainerConfigError", key))]))?.doomedAfterMs).toBe(5000);
});

test("a hopeless cause is told before one that may pass", () => {
  const first = pod(container({ terminated: exited }));
  const second = pod(waiting("InvalidImageName"));
  expect(findCause(evidence([first, second]))?.text).toContain("is not an image reference");
});

test("without any sign there is no cause", () => {
  expect(findCause(evidence([pod(waiting("ContainerCreating"))]))).toBeUndefined();
});
