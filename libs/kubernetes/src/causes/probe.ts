import type { ContainerRule } from "./types.ts";

/** The container runs, but its probe says no. */
export const probeCause: ContainerRule = (
  { name, state, ready, restartCount },
  pod,
  { warnings, restartsBefore },
) => {
  if (!state.running || ready) return undefined;
  const failure = warnings.find(
    ({ uid, reason, fieldPath }) =>
      uid === pod.metadata.uid && reason === "Unhealthy" && (fieldPath ?? "").endsWith(`{${name}}`),
  );
  if (!failure) return undefined;
  const { probe = "", answer = "" } =
    /^(?<probe>\w+) probe (?:failed|errored)[^:]*: ?(?<answer>.*)/s.exec(failure.message)?.groups ?? {};
  const text =
    probe === "" ? failure.message : `${probe.toLowerCase()} probe fails: ${oneLine(answer) || "no output"}`;
  // A startup or liveness probe ends the container each time; a readiness probe may pass at any moment.
  const isHopeless = restartCount - restartsBefore(pod.metadata.uid ?? "", name) >= 3;
  return { text, log: "current", ...(isHopeless ? { doomedAfterMs: 0 } : {}) };
};

function oneLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
