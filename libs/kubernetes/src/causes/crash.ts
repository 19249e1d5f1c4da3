import type { ContainerRule, ContainerStatus, Termination } from "./types.ts";

/** The container's command cannot be started, or ends. */
export const crashCause: ContainerRule = (status, pod, evidence) => {
  const { name, state, lastState, restartCount } = status;
  const ended = state.terminated ?? lastState?.terminated;
  if (state.waiting?.reason === "RunContainerError" || ended?.reason === "StartError") {
    const message = ended?.message ?? state.waiting?.message ?? "";
    return { text: `its command cannot be started: ${startError(message)}`, doomedAfterMs: 0 };
  }
  if (state.waiting?.reason === "PostStartHookError")
    return { text: `its postStart hook failed: ${state.waiting.message ?? ""}`, ...doom(restartCount >= 2) };
  if (!ended || state.running || isFinishedInit(status)) return undefined;
  const before = evidence.restartsBefore(pod.metadata.uid ?? "", name);
  const restarts = restartCount - before;
  const { terminated } = state;
  return {
    text: `${describeEnd(ended)}${restartCount > 0 ? `, ${times(restartCount + 1)}` : ""}`,
    log: terminated ? "current" : "previous",
    lastLineTells: true,
    // One that crashed before this run began is in a long back-off: its next crash is proof enough.
    // A Job counts its own failures and says when it gives up.
    ...doom(evidence.object.kind !== "Job" && restarts >= (before > 0 ? 1 : 2)),
  };
};

function doom(isDoomed: boolean): { readonly doomedAfterMs?: number } {
  return isDoomed ? { doomedAfterMs: 0 } : {};
}

function isFinishedInit({ state }: ContainerStatus): boolean {
  return (
    state.terminated?.exitCode === 0 && state.terminated.reason === "Completed" && state.waiting === undefined
  );
}

function describeEnd({ exitCode, reason }: Termination): string {
  if (reason === "OOMKilled") return "was killed for using more memory than its limit";
  if (exitCode === 0) return "ended with 0, but a service has to keep running";
  return `exited with ${exitCode}`;
}

function times(count: number): string {
  return count === 2 ? "twice" : `${count} times`;
}

// runc: `…: exec: "/x": stat /x: no such file or directory: unknown`
function startError(message: string): string {
  return /exec: "[^"]*": .*/s.exec(message)?.[0].replace(/: unknown$/, "") ?? message;
}
