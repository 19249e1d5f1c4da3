import { lastingStatuses } from "../causes/sidecar.ts";
import type { Pod } from "../causes/types.ts";

const settleMs = 2000;
const quietMs = 10_000;

export interface SettleOptions {
  readonly readyForMs: number;
  /** Whether there should be pods: a DaemonSet has none until its controller has looked at the nodes. */
  readonly expectsPods: boolean;
  readonly now: Date;
}

/**
 * A container without a readiness probe counts as ready from its first instant, also when it is about to
 * crash: it has to stay so. After a restart, any container has to.
 */
export function isSettled(pods: readonly Pod[], { readyForMs, expectsPods, now }: SettleOptions): boolean {
  const needsTime =
    (expectsPods && pods.length === 0) ||
    pods.some(
      ({ spec, status }) =>
        status.phase !== "Succeeded" &&
        spec.containers.some(({ readinessProbe }) => readinessProbe === undefined),
    );
  if (needsTime && readyForMs < settleMs) return false;
  return readyForMs >= quietMs || !pods.some((pod) => restartedWithin(pod, quietMs, now));
}

function restartedWithin(pod: Pod, ms: number, now: Date): boolean {
  return lastingStatuses(pod).some(({ lastState }) => {
    const ended = lastState?.terminated?.finishedAt;
    return ended !== undefined && now.getTime() - Date.parse(ended) < ms;
  });
}
