import { PaiError } from "@pai/core";
import type { Part, Step } from "./parts.ts";

export interface Task {
  readonly name: string;
  readonly title: string;
  readonly needs: readonly string[];
  /** Returns a few words on what was done. */
  run(step: Step): Promise<string>;
}

export type TaskEvent = { readonly task: Task; readonly ms: number } & (
  | { readonly type: "started" | "done" | "progress"; readonly text: string }
  | { readonly type: "failed"; readonly error: unknown }
  | { readonly type: "skipped"; readonly because: string }
);

/** Starts each task when those that it needs are done; all that can run do run, also after a failure. */
export async function runTasks(
  tasks: readonly Task[],
  options: { report: (event: TaskEvent) => void; signal: AbortSignal },
): Promise<void> {
  const { report, signal } = options;
  const runs = new Map<string, Promise<boolean>>();
  const errors: unknown[] = [];

  const run = async (task: Task): Promise<boolean> => {
    for (const need of task.needs) {
      if (!(await runs.get(need))) {
        report({ type: "skipped", task, ms: 0, because: need });
        return false;
      }
    }
    const start = performance.now();
    const elapsed = (): number => performance.now() - start;
    report({ type: "started", task, ms: 0, text: "" });
    try {
      signal.throwIfAborted();
      const say = (text: string): void => report({ type: "progress", task, ms: elapsed(), text });
      report({ type: "done", task, text: await task.run({ say, signal }), ms: elapsed() });
      return true;
    } catch (error) {
      errors.push(error);
      report({ type: "failed", task, ms: elapsed(), error });
      return false;
    }
  };

  const names = new Set(tasks.map((task) => task.name));
  for (const task of tasks) {
    // A later task may need an earlier one only: the order of the list is an order of work, so no cycle is possible.
    const missing = task.needs.find((need) => !names.has(need) || !runs.has(need));
    if (missing) throw new Error(`task ${task.name} needs ${missing}, which does not come before it`);
    runs.set(
      task.name,
      Promise.resolve().then(() => run(task)),
    );
  }
  await Promise.all(runs.values());
  if (signal.aborted)
    throw new PaiError(
      "INTERRUPTED",
      "interrupted; what was begun is finished or repaired by the next: pai-local up",
    );
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors);
}

/** Brings the part to life unless it is healthy and as this checkout wants it. */
export function taskOf(part: Part): Task {
  return {
    name: part.name,
    title: part.title,
    needs: part.needs,
    run: async (step) => {
      const before = await part.look(step.signal);
      if (before.state === "healthy" && ((await part.isCurrent?.()) ?? true)) {
        const address = before.address ? `, ${before.address}` : "";
        return `${before.version ? `${before.version} ` : ""}${before.origin === "found" ? "found" : "running"}${address}`;
      }
      const done = await part.bring(step);
      const after = await part.look(step.signal);
      if (after.state !== "healthy")
        throw new PaiError("LOCAL_STACK", `bring up ${part.title}`, {
          cause: after.state === "unhealthy" ? new Error(after.reason) : new Error("it ended again"),
        });
      return [after.version, done].filter(Boolean).join(" ") + (after.address ? `, ${after.address}` : "");
    },
  };
}
