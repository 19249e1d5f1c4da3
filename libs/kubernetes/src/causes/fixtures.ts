// Objects for tests, as a Kubernetes 1.34.4 with containerd 1.6 gives them.
import type { ContainerStatus, Evidence, ObjectEvent, Pod } from "./types.ts";

export const image = "127.0.0.1:5077/pai/a:1";
export const now = Date.parse("2026-11-24T00:01:00Z");

export function pod(status: Partial<Pod["status"]>, spec: Partial<Pod["spec"]> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a-x7k", uid: "pod-1" },
    spec: { nodeName: "m1", containers: [{ name: "c", image }], ...spec },
    status,
  };
}

export function containerStatus(
  state: ContainerStatus["state"],
  more: Partial<ContainerStatus> = {},
): ContainerStatus {
  return { name: "c", ready: false, restartCount: 0, state, ...more };
}

export function evidence(pods: readonly Pod[], more: Partial<Evidence> = {}): Evidence {
  return {
    object: { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "a", uid: "set-1" }, status: {} },
    pods,
    olderPods: [],
    events: [],
    nodes: [],
    now,
    isComing: () => false,
    restartsBefore: () => 0,
    ...more,
  };
}

export function event(reason: string, message: string, more: Partial<ObjectEvent> = {}): ObjectEvent {
  return {
    type: "Warning",
    reason,
    message,
    uid: "pod-1",
    kind: "Pod",
    name: "a-x7k",
    time: now,
    since: now,
    ...more,
  };
}
