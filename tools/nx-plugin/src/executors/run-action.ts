import path from "node:path";
import type { ExecutorContext } from "@nx/devkit";
import { abortOnSignals } from "@pai/cli/signals";
import { taskLine } from "@pai/cli/plain";
import { formatError, PaiError, type Report } from "@pai/core";

export interface ConfigurationOption {
  /** The configuration folder; `--configuration` is taken by Nx itself. */
  readonly config?: string;
}

/** What every action takes. */
export interface ActionInput {
  readonly root: string;
  readonly configuration: string;
  readonly services: readonly string[];
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Runs an action for the task's service; its events become lines. Nx sends SIGTERM and waits 5 s. */
export async function runAction(
  { config }: ConfigurationOption,
  context: ExecutorContext,
  action: (input: ActionInput) => Promise<unknown>,
): Promise<{ success: boolean }> {
  const service = serviceOf(context);
  const { signal, dispose } = abortOnSignals();
  try {
    await action({
      root: context.root,
      configuration: config ?? process.env.PAI_CONFIGURATION ?? "configuration",
      services: [service],
      report: (event) => {
        const line = taskLine(event, service);
        if (line !== undefined) process.stdout.write(`${line}\n`);
      },
      signal,
    });
    return { success: true };
  } catch (error) {
    // Nx shows only the message of what an executor throws, without place, cause and hint.
    process.stderr.write(`${textOf(error, signal, `${service}:${context.targetName}`)}\n`);
    return { success: false };
  } finally {
    dispose();
  }
}

function serviceOf({ projectName = "", projectsConfigurations }: ExecutorContext): string {
  // The folder is the service; a project.json may call the project something else.
  return path.posix.basename(projectsConfigurations.projects[projectName]?.root ?? projectName);
}

function textOf(error: unknown, signal: AbortSignal, task: string): string {
  if (signal.aborted)
    return formatError(new PaiError("INTERRUPTED", `${task}: interrupted`, { cause: error }));
  if (error instanceof PaiError || error instanceof AggregateError) return formatError(error);
  return `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
