import type { ActionInput, ConfigurationOption } from "./run-action.ts";

export interface ServiceOptions extends ConfigurationOption {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly yes?: boolean;
  /** Of the pushes before it: where a deployment would not look. */
  readonly tag?: string | readonly string[];
  readonly registry?: string | readonly string[];
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
