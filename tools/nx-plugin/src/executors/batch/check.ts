import type { ExecutorContext, TaskGraph } from "@nx/devkit";
import { abortOnSignals } from "@pai/cli/signals";
import { errorText } from "../error-text.ts";
import { configurationOf, type ConfigurationOption } from "../run-action.ts";
import { groupByOptions, tasksOf, type BatchTask } from "./batch-tasks.ts";
import type { TaskEnd } from "./task-results.ts";

/** One check of the tree, and each service gets the findings about it and about what all share. */
export default async function* checkBatch(
  graph: TaskGraph,
  options: Readonly<Record<string, ConfigurationOption>>,
  _overrides: unknown,
  context: ExecutorContext,
): AsyncGenerator<TaskEnd> {
  const { signal, dispose } = abortOnSignals();
  try {
    for (const tasks of groupByOptions(tasksOf(graph, options, context))) {
      yield* await checkTasks(tasks, context.root, signal);
    }
  } finally {
    dispose();
  }
}

async function checkTasks(
  tasks: readonly BatchTask<ConfigurationOption>[],
  root: string,
  signal: AbortSignal,
): Promise<TaskEnd[]> {
  try {
    const { checkTree, formatResult } = await import("@pai/actions/check");
    const services = tasks.map(({ service }) => service);
    const configuration = configurationOf(tasks[0]?.options ?? {});
    const warnings: string[] = [];
    const result = await checkTree({
      root,
      configuration,
      services,
      signal,
      report: (event) => {
        if (event.type === "warning") warnings.push(`warning: ${event.message}`);
      },
    });
    return tasks.map(({ id, service }) => {
      const findings = result.findings.filter(({ file }) => isOf(file, service));
      const success = findings.every(({ level }) => level !== "error");
      const text = [...warnings, formatResult({ ...result, findings }, "text")].join("\n");
      return { task: id, result: { success, status: statusOf(success), terminalOutput: `${text}\n` } };
    });
  } catch (error) {
    return tasks.map(({ id }) => ({
      task: id,
      result: { success: false, status: "failure", terminalOutput: `${errorText(error)}\n` },
    }));
  }
}

function isOf(file: string, service: string): boolean {
  return !file.startsWith("src/") || file.startsWith(`src/${service}/`);
}

function statusOf(success: boolean): "success" | "failure" {
  return success ? "success" : "failure";
}
