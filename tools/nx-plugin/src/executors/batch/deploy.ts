import type { ExecutorContext, TaskGraph } from "@nx/devkit";
import { deployServices } from "../deploy.ts";
import type { ServiceOptions } from "../service-options.ts";
import { runBatch } from "./run-batch.ts";
import type { TaskEnd } from "./task-results.ts";

export default function deployBatch(
  graph: TaskGraph,
  options: Readonly<Record<string, ServiceOptions>>,
  _overrides: unknown,
  context: ExecutorContext,
): AsyncGenerator<TaskEnd> {
  return runBatch(graph, options, context, deployServices);
}
