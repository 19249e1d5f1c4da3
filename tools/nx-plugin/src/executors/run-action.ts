import path from "node:path";
import type { ExecutorContext } from "@nx/devkit";
import { abortOnSignals } from "@pai/cli/signals";
import { taskLine } from "@pai/cli/plain";
import { PaiError, type Report } from "@pai/core";
import { errorText } from "./error-text.ts";

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

export function configurationOf({ config }: ConfigurationOption): string {
  return config ?? process.env.PAI_CONFIGURATION ?? "configuration";
}

/** Runs an action for the task's service; its events become lines. Nx sends SIGTERM and waits 5 s. */
export async function runAction(
  options: ConfigurationOption,
  context: ExecutorContext,
  action: (input: ActionInput) => Promise<unknown>,
): Promise<{ success: boolean }> {
  const service = serviceOf(context);
  const { signal, dispose } = abortOnSignals();
  try {
    await action({
      root: context.root,
      configuration: configurationOf(options),
      services: [service],
      report: (event) => {
        const line = taskLine(event, service);
        if (line !== undefined) process.stdout.write(`${line}\n`);
      },
      signal,
    });
    return { success: true };
  } catch (error) {
    const task = `${service}:${context.targetName}`;
    const shown = signal.aborted
      ? new PaiError("INTERRUPTED", `${task}: interrupted`, { cause: error })
      : error;
    process.stderr.write(`${errorText(shown)}\n`);
    return { success: false };
  } finally {
    dispose();
  }
}

function serviceOf({ projectName = "", projectsConfigurations }: ExecutorContext): string {
  // The folder is the service; a project.json may call the project something else.
  return path.posix.basename(projectsConfigurations.projects[projectName]?.root ?? projectName);
}
