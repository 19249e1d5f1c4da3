import { missingPatience } from "./missing.ts";
import type { Cause, Evidence, Pod } from "./types.ts";

const beingMade = /^(?:ContainerCreating|PodInitializing)$/;

// Anything else may pass: storage that is slow, or a control plane that is busy.
const isMissing = /not found|non-existent|couldn't find|hostPath type check failed/;

/** A volume of the pod cannot be mounted, or its network cannot be set up: only events tell. */
export function volumeCause(pod: Pod, evidence: Evidence): Omit<Cause, "pod"> | undefined {
  const statuses = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
  const isBeingMade = statuses.every(({ state }) => beingMade.test(state.waiting?.reason ?? ""));
  if (!isBeingMade) return undefined;
  // Volumes come first: once it pulls an image, they are there.
  const last = evidence.events.find(
    ({ uid, reason }) =>
      uid === pod.metadata.uid && /^(?:FailedMount|FailedCreatePodSandBox|Pull.*)$/.test(reason),
  );
  const about = last?.reason.startsWith("Failed")
    ? evidence.events.filter(({ uid }) => uid === pod.metadata.uid)
    : [];
  const failure = about.find(
    ({ reason, message }) => reason === "FailedMount" && !message.startsWith("Unable to attach"),
  );
  if (failure) {
    const { volume, why } = /for volume "(?<volume>[^"]*)" : (?<why>.*)/s.exec(failure.message)?.groups ?? {};
    const text =
      why === undefined
        ? failure.message
        : `volume "${volume}": ${why.replace(/^references non-existent/, "no")}`;
    const doomedAfterMs = isMissing.test(failure.message)
      ? missingPatience(failure.message, evidence)
      : 60_000;
    return { text, kind: `volume ${volume ?? ""}`, doomedAfterMs };
  }
  const sandbox = about.find(({ reason }) => reason === "FailedCreatePodSandBox");
  return sandbox ? { text: `its network cannot be set up: ${sandbox.message}`, kind: "network" } : undefined;
}
