import type { ActionInput, ConfigurationOption } from "./run-action.ts";

export interface ServiceOptions extends ConfigurationOption {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly yes?: boolean;
}

/** Nx has run the prerequisites' own tasks already. */
export function serviceInput(
  { kubeconfig, context, timeout }: ServiceOptions,
  input: ActionInput,
): ActionInput & {
  readonly withPrerequisites: false;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly timeoutMs?: number;
} {
  return {
    ...input,
    withPrerequisites: false,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
  };
}
