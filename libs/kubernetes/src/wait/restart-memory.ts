import type { Pod } from "../causes/types.ts";

export interface RestartMemory {
  see(pods: readonly Pod[]): void;
  readonly before: (podUid: string, container: string) => number;
}

/** Restarts of pods that are older than the change, at the first look: not of its making. */
export function createRestartMemory(since: Date): RestartMemory {
  const counts = new Map<string, number>();
  return {
    see: (pods) => {
      for (const { metadata, status } of pods) {
        if (Date.parse(metadata.creationTimestamp ?? "") >= since.getTime() - 2000) continue;
        const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
        for (const { name, restartCount } of statuses) {
          const key = `${metadata.uid ?? ""}/${name}`;
          if (!counts.has(key)) counts.set(key, restartCount);
        }
      }
    },
    before: (podUid, container) => counts.get(`${podUid}/${container}`) ?? 0,
  };
}
