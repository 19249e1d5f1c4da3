// What goes on at the moment, kept from the events of a run. Knows no terminal.
import type { ActionEvent, BuildStep, Task, WaitingFor } from "@pai/core";
import { describeStep, doing, nameOf, type Subject } from "../lines.ts";

export interface LiveTask {
  readonly subject: Subject;
  readonly name: string;
  /** Tasks before it that have not ended. */
  readonly needs: Set<string>;
  /** Absent while it waits for its turn. */
  since?: number;
  /** `building` */
  doing: string;
  /** `step 4/6, 3 cached  RUN make` */
  text: string;
  /** The step that runs. */
  step?: BuildStep | undefined;
  /** Steps so far that the builder took from its cache. */
  cached: number;
  waiting?: WaitingFor | undefined;
  /** What it printed last. */
  readonly tail: string[];
}

export interface RunState {
  take(event: ActionEvent, now: number): void;
  /** Whether the event is about a task that has not ended, which has a row of its own. */
  knows(subject: Subject): boolean;
  /** Those that have not ended, in the order of the plan. */
  tasks(): readonly LiveTask[];
}

const tailLines = 3;

export function createRunState(): RunState {
  const tasks = new Map<string, LiveTask>();
  const taskOf = (subject: Subject): LiveTask | undefined => tasks.get(keyOf(subject));
  const add = (subject: Subject, needs: readonly string[] = []): LiveTask => {
    const name = nameOf(subject);
    const task = { subject, name, needs: new Set(needs), doing: "", text: "", cached: 0, tail: [] };
    tasks.set(keyOf(subject), task);
    return task;
  };
  const plan = (planned: readonly Task[]): void => {
    for (const { needs, ...subject } of planned) add(subject, needs);
  };
  const end = (subject: Subject): void => {
    const key = keyOf(subject);
    tasks.delete(key);
    for (const { needs } of tasks.values()) needs.delete(key);
  };
  return {
    tasks: () => [...tasks.values()],
    knows: (subject) => taskOf(subject) !== undefined,
    take: (event, now) => {
      if (event.type === "planned") plan(event.tasks ?? []);
      else if (event.type === "started") {
        const task = taskOf(event) ?? add(event);
        task.since = now;
        task.doing = doing[event.action];
        // An engine that goes away leaves its images to be begun again.
        task.step = undefined;
        task.cached = 0;
      } else if (event.type === "finished" || event.type === "failed" || event.type === "skipped") end(event);
      else if (event.type !== "warning" && "service" in event) {
        const task = taskOf(event);
        if (task) update(task, event);
      }
    },
  };
}

/** How many tasks wait for this one. */
export function countBehind(tasks: readonly LiveTask[], subject: Subject): number {
  return tasks.filter(({ needs }) => needs.has(keyOf(subject))).length;
}

function update(task: LiveTask, event: ActionEvent): void {
  if (event.type === "waiting") {
    task.waiting = event;
    task.tail.length = 0;
    return;
  }
  // Whatever else happens, happens after the wait.
  task.waiting = undefined;
  if (event.type === "progress") task.text = event.text;
  if (event.type === "output") {
    task.tail.push(event.line);
    if (task.tail.length > tailLines) task.tail.shift();
  }
  if (event.type === "step") takeStep(task, event);
}

function takeStep(task: LiveTask, event: Extract<ActionEvent, { type: "step" }>): void {
  if (event.state === "started") {
    task.step = event;
    task.tail.length = 0;
  } else if (event.state === "cached") task.cached++;
  else {
    if (task.step?.stage === event.stage && task.step?.number === event.number) task.step = undefined;
    return;
  }
  // What the cache spares one stage hides no step that runs in another.
  task.text = describeStep(task.step ?? event, task.cached);
}

/** As plans name tasks in `needs`. */
function keyOf({ service, image }: Subject): string {
  return image ?? service;
}
