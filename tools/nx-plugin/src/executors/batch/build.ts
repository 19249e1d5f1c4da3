import type { ExecutorContext, TaskGraph } from "@nx/devkit";
import { buildImages } from "../build.ts";
import type { ImageOptions } from "../image-options.ts";
import { runBatch } from "./run-batch.ts";
import type { TaskEnd } from "./task-results.ts";

export default function buildBatch(
  graph: TaskGraph,
  options: Readonly<Record<string, ImageOptions>>,
  _overrides: unknown,
  context: ExecutorContext,
): AsyncGenerator<TaskEnd> {
  return runBatch(graph, options, context, buildImages);
}
