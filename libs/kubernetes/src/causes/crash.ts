import { isSidecar } from "./sidecar.ts";
import type { Cause, ContainerRule, ContainerStatus, Evidence, Pod, Termination } from "./types.ts";

/** The container's command cannot be started, or ends. */
export const crashCause: ContainerRule = (status, pod, evidence) => {
  const { state, lastState, name } = status;
  const ended = state.terminated ?? lastState?.terminated;
  if (state.waiting?.reason === "RunContainerError" || ended?.reason === "StartError") {
    const message = ended?.message ?? state.waiting?.message ?? "";
    return { text: `its command cannot be started: ${startError(message)}`, doomedAfterMs: 0 };
  }
  if (state.waiting?.reason === "PostStartHookError") {
    const text = `its postStart hook failed: ${state.waiting.message ?? ""}`;
    return { text, kind: "hook", log: "previous", ...doom(status, pod, evidence) };
  }
  if (!ended || state.running || isFinished(status, pod)) return undefined;
  return describeCrash(status, ended, doom(status, pod, evidence), isSidecar(pod, name));
};

/**
 * A container that runs again after it ended: it may look ready, and it has yet to show that it stays.
 */
export const relapseCause: ContainerRule = (status, pod, evidence) => {
  const ended = status.lastState?.terminated;
  const restarts = status.restartCount - evidence.restartsBefore(pod.metadata.uid ?? "", status.name);
  const isOld = evidence.now - Date.parse(ended?.finishedAt ?? "") > freshMs;
  if (!ended || !status.state.running || restarts === 0 || isOld) return undefined;
  const { givesUp } = doom({ ...status, restartCount: 0 }, pod, evidence);
  return describeCrash(status, ended, givesUp === undefined ? {} : { givesUp }, isSidecar(pod, status.name));
};

const freshMs = 10_000;

function describeCrash(
  { restartCount, state }: ContainerStatus,
  ended: Termination,
  verdict: Pick<Cause, "doomedAfterMs" | "givesUp">,
  isSide: boolean,
): ReturnType<ContainerRule> {
  const times = restartCount === 0 ? "" : restartCount === 1 ? ", twice" : `, ${restartCount + 1} times`;
  return {
    // A running one has been started once more than it has ended.
    text: `${describeEnd(ended, isSide)}${state.running ? timesEnded(restartCount) : times}`,
    kind: "crash",
    log: state.terminated ? "current" : "previous",
    lastLineTells: true,
    ...verdict,
  };
}

function timesEnded(count: number): string {
  return count === 1 ? "" : count === 2 ? ", twice" : `, ${count} times`;
}

// The first exit may have been too early for a neighbour, which the second one cannot say. A third start
// is the last. A Job counts its own failures and says when it gives up.
function doom(
  { restartCount, name }: ContainerStatus,
  pod: Pod,
  { object, restartsBefore }: Evidence,
): Pick<Cause, "doomedAfterMs" | "givesUp"> {
  if (object.kind === "Job") return {};
  const before = restartsBefore(pod.metadata.uid ?? "", name);
  // One that crashed before this run began is in a long back-off: its next crash is proof enough.
  return restartCount - before >= (before > 0 ? 1 : 2)
    ? { doomedAfterMs: 0 }
    : { givesUp: before > 0 ? "at the next exit" : "at the third exit" };
}

/** An init container that is done; or a sidecar that is ended because the pod's work is. */
function isFinished({ name, state }: ContainerStatus, pod: Pod): boolean {
  const { terminated } = state;
  if (isSidecar(pod, name)) {
    const main = pod.status.containerStatuses ?? [];
    return main.length > 0 && main.every((each) => each.state.terminated?.exitCode === 0);
  }
  return terminated?.exitCode === 0 && terminated.reason === "Completed" && state.waiting === undefined;
}

function describeEnd({ exitCode, reason }: Termination, isSide: boolean): string {
  if (reason === "OOMKilled") return "was killed for using more memory than its limit";
  if (exitCode === 0) return `ended with 0, but a ${isSide ? "sidecar" : "service"} has to keep running`;
  return `exited with ${exitCode}`;
}

// runc: `…: exec: "/x": stat /x: no such file or directory: unknown`
function startError(message: string): string {
  return /exec: "[^"]*": .*/s.exec(message)?.[0].replace(/: unknown$/, "") ?? message;
}
