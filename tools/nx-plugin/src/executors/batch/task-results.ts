// Turns the events of one run over many services into results of Nx tasks, each with its own lines.
import { taskLine } from "@pai/cli/plain";
import { formatError, PaiError, type ActionEvent } from "@pai/core";
import { errorText } from "../error-text.ts";
import type { BatchTask } from "./batch-tasks.ts";

export interface TaskEnd {
  readonly task: string;
  readonly result: {
    readonly success: boolean;
    readonly status: "success" | "failure" | "skipped";
    readonly terminalOutput: string;
  };
}

type Subject = Pick<BatchTask<unknown>, "id" | "service" | "image">;
type Failed = Extract<ActionEvent, { type: "failed" }>;

export interface TaskResults {
  readonly report: (event: ActionEvent) => void;
  /** Whether the run has told what it will do: until then nothing was done. */
  readonly isPlanned: () => boolean;
  /** Ends that are known since the last call. */
  readonly take: () => TaskEnd[];
  /** The ends of all others. `error` is what the run threw, if it did. */
  readonly finish: (error?: unknown) => TaskEnd[];
}

/** `print` gets the lines that tell how it goes, which Nx shows as they come and without a task. */
export function collectResults(tasks: readonly Subject[], print: (line: string) => void): TaskResults {
  const lines = new Map<string, string[]>(tasks.map(({ id }) => [id, []]));
  const failures = new Map<string, Failed>();
  const ended = new Set<string>();
  let ready: TaskEnd[] = [];
  let isPlanned = false;

  const end = (task: Subject, status: TaskEnd["result"]["status"], text?: string): void => {
    if (ended.has(task.id)) return;
    ended.add(task.id);
    const terminalOutput = [...(lines.get(task.id) ?? []), text ?? []].flat().join("\n");
    ready.push({
      task: task.id,
      result: { success: status === "success", status, terminalOutput: `${terminalOutput}\n` },
    });
  };
  const report = (event: ActionEvent): void => {
    if (event.type === "planned") isPlanned = true;
    for (const task of tasks) {
      if (!isAbout(event, task)) continue;
      const line = taskLine(event, task.service);
      if (line !== undefined) lines.get(task.id)?.push(line);
      if (event.type === "finished") end(task, "success");
      if (event.type === "skipped") end(task, "skipped");
      if (event.type === "failed") failures.set(task.id, event);
    }
    if (event.type === "started" || event.type === "waiting" || event.type === "progress") {
      const line = taskLine(event, "");
      if (line !== undefined) print(line);
    }
  };
  const take = (): TaskEnd[] => {
    const taken = ready;
    ready = [];
    return taken;
  };
  const finish = (error?: unknown): TaskEnd[] => {
    for (const task of tasks) {
      if (ended.has(task.id)) continue;
      const failure = failures.get(task.id);
      if (failure) end(task, "failure", formatError(thrownFor(failure, error)));
      else if (error === undefined) end(task, "success");
      else end(task, "failure", errorText(error));
    }
    return take();
  };
  return { report, isPlanned: () => isPlanned, take, finish };
}

/** What is about no service is about all of them. */
function isAbout(event: ActionEvent, { service, image }: Subject): boolean {
  if (!("service" in event) || event.service === undefined) return true;
  const subject = "image" in event ? event.image : undefined;
  return event.service === service && (image === undefined || subject === undefined || subject === image);
}

/** The error behind a failure: the event has its message, the error also place, cause and remedy. */
function thrownFor({ code, message }: Failed, thrown: unknown): unknown {
  const errors = thrown instanceof AggregateError ? (thrown.errors as unknown[]) : [thrown];
  const found = errors.find((error) => error instanceof Error && error.message === message);
  return found ?? (code === "INTERNAL" ? new Error(message) : new PaiError(code, message));
}
