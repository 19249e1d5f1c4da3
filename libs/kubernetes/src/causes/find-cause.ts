// Why an object is not ready, row by row of the table in docs/failures.md. Pure: captured objects in, a line
// out.
import { configurationCause } from "./configuration.ts";
import { crashCause, relapseCause } from "./crash.ts";
import { creationCause } from "./creation.ts";
import { imageCause } from "./image.ts";
import { killedByProbeCause, livenessCause, probeCause } from "./probe.ts";
import { schedulingCause } from "./scheduling.ts";
import { lastingStatuses } from "./sidecar.ts";
import { withBlockedPods } from "./stateful.ts";
import type { Cause, ContainerRule, ContainerStatus, Evidence, Pod } from "./types.ts";
import { volumeCause } from "./volume.ts";

/** One cause a pod, the most hopeless first; that of the whole object where it has no pod with one. */
export function findCauses(evidence: Evidence): Cause[] {
  const { object, pods, olderPods } = evidence;
  const causes = pods
    .flatMap((pod) => podCause(pod, evidence) ?? [])
    .map((cause) => withBlockedPods(cause, object, false));
  if (causes.length > 0) return causes.toSorted((a, b) => patienceOf(a) - patienceOf(b));
  const refused = creationCause(evidence);
  if (refused) return [refused];
  if (object.kind !== "StatefulSet") return [];
  return olderPods
    .flatMap((pod) => podCause(pod, evidence) ?? [])
    .map((cause) => withBlockedPods(cause, object, true));
}

/** What tells that pods which look ready will not stay so. */
export function findRelapses(evidence: Evidence): Cause[] {
  return evidence.pods
    .filter(({ status }) => status.phase !== "Succeeded")
    .flatMap((pod) => firstCause(lastingStatuses(pod), [livenessCause, relapseCause], pod, evidence) ?? []);
}

const containerRules: readonly ContainerRule[] = [
  imageCause,
  configurationCause,
  killedByProbeCause,
  crashCause,
  probeCause,
  relapseCause,
];

function podCause(pod: Pod, evidence: Evidence): Cause | undefined {
  // Its sidecars are killed when its work is done, which is as it should be.
  if (pod.status.phase === "Succeeded") return undefined;
  const volume = volumeCause(pod, evidence);
  if (volume) return { ...volume, pod };
  const statuses = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
  const troubled = statuses.filter(({ ready, state }) => !(ready && state.running));
  const cause = firstCause(troubled, containerRules, pod, evidence);
  if (cause) return cause;
  const scheduling = schedulingCause(pod, evidence);
  return scheduling && { ...scheduling, pod };
}

function firstCause(
  statuses: readonly ContainerStatus[],
  rules: readonly ContainerRule[],
  pod: Pod,
  evidence: Evidence,
): Cause | undefined {
  for (const status of statuses) {
    for (const rule of rules) {
      const cause = rule(status, pod, evidence);
      if (cause) return { ...cause, pod, container: status.name };
    }
  }
  return undefined;
}

function patienceOf({ doomedAfterMs = Infinity }: Cause): number {
  return doomedAfterMs;
}

/** `pod hbase-x on m1: container master exited with 1, twice` */
export function describeCause(cause: Cause): string {
  const { pod } = cause;
  if (!pod) return cause.text;
  const where = `pod ${pod.metadata.name}${pod.spec.nodeName === undefined ? "" : ` on ${pod.spec.nodeName}`}`;
  return `${where}: ${describeWithContainer(cause)}`;
}

/** `container master exited with 1, twice` */
export function describeWithContainer({ text, container }: Cause): string {
  if (container === undefined) return text;
  return `container ${container}${/^(exited|was|ended) /.test(text) ? " " : ": "}${text}`;
}
