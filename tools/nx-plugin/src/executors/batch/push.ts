import type { ExecutorContext, TaskGraph } from "@nx/devkit";
import { pushImages } from "../push.ts";
import type { ImageOptions } from "../image-options.ts";
import { runBatch } from "./run-batch.ts";
import type { TaskEnd } from "./task-results.ts";

export default function pushBatch(
  graph: TaskGraph,
  options: Readonly<Record<string, ImageOptions>>,
  _overrides: unknown,
  context: ExecutorContext,
): AsyncGenerator<TaskEnd> {
  return runBatch(graph, options, context, pushImages);
}
