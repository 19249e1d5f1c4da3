// Why an object is not ready, row by row of the failure table in docs/. Pure: captured objects in, a line out.
import { configurationCause } from "./configuration.ts";
import { crashCause } from "./crash.ts";
import { creationCause } from "./creation.ts";
import { imageCause } from "./image.ts";
import { probeCause } from "./probe.ts";
import { schedulingCause } from "./scheduling.ts";
import type { Cause, ContainerRule, Evidence, Pod } from "./types.ts";
import { volumeCause } from "./volume.ts";

const containerRules: readonly ContainerRule[] = [imageCause, configurationCause, crashCause, probeCause];

/** The cause to tell: one that will not go away before one that may. */
export function findCause(evidence: Evidence): Cause | undefined {
  const causes = evidence.pods.flatMap((pod) => podCause(pod, evidence) ?? []);
  const [first] = causes.toSorted((a, b) => patienceOf(a) - patienceOf(b));
  return first ?? creationCause(evidence);
}

function podCause(pod: Pod, evidence: Evidence): Cause | undefined {
  const statuses = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
  for (const status of statuses) {
    for (const rule of containerRules) {
      const cause = rule(status, pod, evidence);
      if (cause) return { ...cause, pod, container: status.name };
    }
  }
  const cause = volumeCause(pod, evidence) ?? schedulingCause(pod);
  return cause && { ...cause, pod };
}

function patienceOf({ doomedAfterMs = Infinity }: Cause): number {
  return doomedAfterMs;
}

/** `pod hbase-x on m1: container master exited with 1, twice` */
export function describeCause({ text, pod, container }: Cause): string {
  if (!pod) return text;
  const where = `pod ${pod.metadata.name}${pod.spec.nodeName === undefined ? "" : ` on ${pod.spec.nodeName}`}`;
  if (container === undefined) return `${where}: ${text}`;
  return `${where}: container ${container}${/^(exited|was|ended) /.test(text) ? " " : ": "}${text}`;
}
