import type { ContainerStatus, Pod } from "./types.ts";

/** An init container that is to run beside the others (Kubernetes 1.29 on). */
export function isSidecar({ spec }: Pod, name: string): boolean {
  return spec.initContainers?.some((each) => each.name === name && each.restartPolicy === "Always") ?? false;
}

/** Containers that are to keep running: those of the pod and its sidecars. */
export function lastingStatuses(pod: Pod): readonly ContainerStatus[] {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status;
  return [...initContainerStatuses.filter(({ name }) => isSidecar(pod, name)), ...containerStatuses];
}
