// Many tasks of one executor in one process: one run of the action over all of them.
import { once, EventEmitter } from "node:events";
import type { ExecutorContext, TaskGraph } from "@nx/devkit";
import { abortOnSignals } from "@pai/cli/signals";
import { PaiError } from "@pai/core";
import type { ImageOptions } from "../image-options.ts";
import { configurationOf, type ActionInput } from "../run-action.ts";
import { groupByOptions, tasksOf, type BatchTask } from "./batch-tasks.ts";
import { collectResults, type TaskEnd } from "./task-results.ts";

interface BatchInput extends ActionInput {
  /** Single images, in place of all those of the services. */
  readonly images?: readonly string[];
}

export type BatchAction<O> = (options: O, input: BatchInput) => Promise<unknown>;

export async function* runBatch<O extends ImageOptions>(
  graph: TaskGraph,
  options: Readonly<Record<string, O>>,
  context: ExecutorContext,
  action: BatchAction<O>,
): AsyncGenerator<TaskEnd> {
  const { signal, dispose } = abortOnSignals();
  try {
    for (const tasks of groupByOptions(tasksOf(graph, options, context))) {
      yield* runGroup(tasks, { context, action, signal });
    }
  } finally {
    dispose();
  }
}

interface Run<O> {
  readonly context: ExecutorContext;
  readonly action: BatchAction<O>;
  readonly signal: AbortSignal;
}

/**
 * All together. Where that fails before anything was done, one of them is to blame, and each runs for
 * itself to find out which.
 */
async function* runGroup<O extends ImageOptions>(
  tasks: readonly BatchTask<O>[],
  run: Run<O>,
): AsyncGenerator<TaskEnd> {
  const results = collectResults(tasks, (line) => void process.stdout.write(`${line}\n`));
  const ends = new EventEmitter();
  let error: unknown;
  let isOver = false;
  const running = start(tasks, run, (event) => {
    results.report(event);
    ends.emit("event");
  })
    .catch((thrown: unknown) => (error = thrown))
    .finally(() => {
      isOver = true;
      ends.emit("event");
    });
  while (!isOver) {
    await once(ends, "event");
    yield* results.take();
  }
  await running;
  if (error !== undefined && tasks.length > 1 && !results.isPlanned() && !isForAll(error, run.signal)) {
    yield* runEach(tasks, run);
    return;
  }
  // Without results Nx takes the tasks for stopped, which they are, and not for failed.
  if (run.signal.aborted) process.exit(130);
  yield* results.finish(error);
}

async function* runEach<O extends ImageOptions>(
  tasks: readonly BatchTask<O>[],
  run: Run<O>,
): AsyncGenerator<TaskEnd> {
  const failed = new Set<string>();
  for (const task of inOrder(tasks)) {
    if (run.signal.aborted || task.needs.some((need) => failed.has(need))) {
      failed.add(task.id);
      yield { task: task.id, result: { success: false, status: "skipped", terminalOutput: "" } };
      continue;
    }
    for await (const end of runGroup([task], run)) {
      if (!end.result.success) failed.add(end.task);
      yield end;
    }
  }
}

function start<O extends ImageOptions>(
  tasks: readonly BatchTask<O>[],
  { context, action, signal }: Run<O>,
  report: ActionInput["report"],
): Promise<unknown> {
  const [first] = tasks;
  if (!first) return Promise.resolve();
  const images = tasks.flatMap(({ image }) => image ?? []);
  return action(first.options, {
    root: context.root,
    configuration: configurationOf(first.options),
    services: [...new Set(tasks.map(({ service }) => service))],
    ...(images.length > 0 ? { images } : {}),
    report,
    signal,
  });
}

const unreachable: ReadonlySet<string> = new Set([
  "ENGINE_UNREACHABLE",
  "REGISTRY_UNREACHABLE",
  "CLUSTER_UNREACHABLE",
  "CLUSTER_DENIED",
]);

/** No single task is to blame for it. */
function isForAll(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || (error instanceof PaiError && unreachable.has(error.code));
}

/** Nx leaves the order within a batch to the executor. */
function inOrder<O>(tasks: readonly BatchTask<O>[]): BatchTask<O>[] {
  const left = new Map(tasks.map((task) => [task.id, task]));
  const order: BatchTask<O>[] = [];
  while (left.size > 0) {
    const next = [...left.values()].filter(({ needs }) => !needs.some((need) => left.has(need)));
    // A cycle has been told by Nx; here it must only come to an end.
    for (const task of next.length > 0 ? next : left.values()) {
      left.delete(task.id);
      order.push(task);
    }
  }
  return order;
}
