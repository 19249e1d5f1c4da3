import type { Cause, Evidence, Pod } from "./types.ts";

/** A volume of the pod cannot be mounted, or its network cannot be set up: only events tell. */
export function volumeCause(pod: Pod, { warnings }: Evidence): Omit<Cause, "pod"> | undefined {
  const hasStarted = pod.status.containerStatuses?.some(({ state }) => state.waiting === undefined) ?? false;
  if (hasStarted) return undefined;
  const about = warnings.filter(({ uid }) => uid === pod.metadata.uid);
  const failure = about.find(
    ({ reason, message }) => reason === "FailedMount" && !message.startsWith("Unable to attach"),
  );
  if (failure) {
    const { volume, why } = /for volume "(?<volume>[^"]*)" : (?<why>.*)/s.exec(failure.message)?.groups ?? {};
    const text =
      why === undefined
        ? failure.message
        : `volume "${volume}": ${why.replace(/^references non-existent/, "no")}`;
    return { text, doomedAfterMs: 30_000 };
  }
  const sandbox = about.find(({ reason }) => reason === "FailedCreatePodSandBox");
  return sandbox ? { text: `its network cannot be set up: ${sandbox.message}` } : undefined;
}
