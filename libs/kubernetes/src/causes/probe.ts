import type { ContainerRule, ContainerStatus, Evidence, ObjectEvent, Pod } from "./types.ts";

/** The container runs, but its startup or readiness probe says no, or its liveness probe ends it. */
export const probeCause: ContainerRule = (status, pod, evidence) => {
  if (!status.state.running || status.ready) return undefined;
  const failure = lastFailure(status, pod, evidence);
  return failure && describe(failure, status, pod, evidence);
};

/** A container that is ready and yet about to be ended: until its liveness probe has failed often enough. */
export const livenessCause: ContainerRule = (status, pod, evidence) => {
  if (!status.state.running) return undefined;
  const failure = lastFailure(status, pod, evidence);
  if (!failure?.message.startsWith("Liveness") || evidence.now - failure.time > freshMs) return undefined;
  return describe(failure, status, pod, evidence);
};

/** Ended by its startup or liveness probe, and waiting for its next start. */
export const killedByProbeCause: ContainerRule = (status, pod, evidence) => {
  const ended = status.state.terminated ?? status.lastState?.terminated;
  if (status.state.running || !ended || ended.reason === "OOMKilled" || ended.exitCode < 128)
    return undefined;
  const failure = lastFailure(status, pod, evidence);
  return failure && /^(?:Startup|Liveness)/.test(failure.message)
    ? describe(failure, status, pod, evidence)
    : undefined;
};

// One and a half of a probe's usual period: a longer silence means that it passes again.
const freshMs = 15_000;

const hopelessEnds = 3;

function describe(
  { message }: ObjectEvent,
  { name, restartCount, state }: ContainerStatus,
  pod: Pod,
  { restartsBefore }: Evidence,
): ReturnType<ContainerRule> {
  const { probe = "", answer = "" } =
    /^(?<probe>\w+) probe (?:failed|errored)[^:]*: ?(?<answer>.*)/s.exec(message)?.groups ?? {};
  const restarts = restartCount - restartsBefore(pod.metadata.uid ?? "", name);
  const text =
    probe === "" ? message : `${probe.toLowerCase()} probe fails: ${oneLine(answer) || "no output"}`;
  // Not its restarts: the kubelet starts it again at once where it had run for longer than its back-off.
  const ends = restarts + (state.running ? 0 : 1);
  // A startup or liveness probe ends the container each time; a readiness probe may pass at any moment.
  const verdict =
    probe === "Readiness"
      ? {}
      : ends >= hopelessEnds
        ? { doomedAfterMs: 0 }
        : { givesUp: "when it has ended 3 times" };
  return {
    kind: `${probe} probe`,
    text: ends > 0 ? `${text}, ended ${times(ends)}` : text,
    log: "current",
    ...verdict,
  };
}

function lastFailure({ name }: ContainerStatus, pod: Pod, { events }: Evidence): ObjectEvent | undefined {
  return events.find(
    ({ uid, reason, fieldPath }) =>
      uid === pod.metadata.uid && reason === "Unhealthy" && (fieldPath ?? "").endsWith(`{${name}}`),
  );
}

function oneLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}

function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}
