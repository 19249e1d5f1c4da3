/** Stable names of expected failures. The code is a contract for scripts; the message text is not. */
export type ErrorCode =
  | "USAGE"
  | "CONFIG_INVALID"
  | "UNKNOWN_SERVICE"
  | "UNKNOWN_PREREQUISITE"
  | "PREREQUISITE_CYCLE"
  | "IMAGE_CYCLE"
  | "DOCKERFILE_INVALID"
  | "TEMPLATE_INVALID"
  | "CLUSTER_MISMATCH"
  | "ENGINE_UNREACHABLE"
  | "BUILD_FAILED"
  | "PUSH_FAILED"
  | "REGISTRY_UNREACHABLE"
  | "REGISTRY_DENIED"
  | "IMAGE_NOT_FOUND"
  | "CLUSTER_UNREACHABLE"
  | "CLUSTER_DENIED"
  | "APPLY_REJECTED"
  | "PLAN_OUTDATED"
  | "SCRIPT_FAILED"
  | "NOT_READY"
  | "WAIT_TIMEOUT"
  | "LEASE_LOST"
  | "LOCAL_STACK"
  | "INTERRUPTED";

/** Where a mistake stands. `file` is relative to the tree root; `line` and `column` count from 1. */
export interface Location {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** Lines to show under the location, ready to print (numbered source lines, a caret). */
  readonly excerpt?: readonly string[];
}

export interface PaiErrorOptions {
  readonly cause?: unknown;
  /** What the reader can do about it. */
  readonly hint?: string;
  readonly location?: Location;
  /** Further facts, one a line, shown under the message. */
  readonly details?: readonly string[];
}

/** An expected failure: the message says what was being done to which thing, in the operator's words. */
export class PaiError extends Error {
  override readonly name = "PaiError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly location: Location | undefined;
  readonly details: readonly string[];

  constructor(code: ErrorCode, message: string, options: PaiErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.location = options.location;
    this.details = options.details ?? [];
  }

  /** The same failure with other facts. */
  withDetails(details: readonly string[]): PaiError {
    return this.#copy(this.message, details);
  }

  /** The same failure in other words. */
  withMessage(message: string): PaiError {
    return this.#copy(message, this.details);
  }

  #copy(message: string, details: readonly string[]): PaiError {
    const { code, cause, hint, location } = this;
    return new PaiError(code, message, {
      cause,
      details,
      ...(hint === undefined ? {} : { hint }),
      ...(location === undefined ? {} : { location }),
    });
  }
}

const usageCodes: ReadonlySet<ErrorCode> = new Set([
  "USAGE",
  "CONFIG_INVALID",
  "UNKNOWN_SERVICE",
  "UNKNOWN_PREREQUISITE",
  "PREREQUISITE_CYCLE",
  "IMAGE_CYCLE",
  "DOCKERFILE_INVALID",
  "TEMPLATE_INVALID",
  "CLUSTER_MISMATCH",
]);

/** 2 for bad usage or configuration, 130 when interrupted, 1 for everything else. */
export function exitCodeOf(error: unknown): 1 | 2 | 130 {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.map(exitCodeOf).includes(1) ? 1 : exitCodeOf(error.errors[0]);
  }
  if (!(error instanceof PaiError)) return 1;
  if (error.code === "INTERRUPTED") return 130;
  return usageCodes.has(error.code) ? 2 : 1;
}

/** To throw what several independent checks found: one error as itself, more as an AggregateError. */
export function joinErrors(errors: readonly Error[]): Error {
  return errors.length === 1 && errors[0] ? errors[0] : new AggregateError(errors);
}

/** The text a person reads: message, place, facts, causes, remedy. Several errors follow one another. */
export function formatError(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(formatError).join("\n");
  if (!(error instanceof PaiError)) return `error: ${textOf(error)}`;
  const { location } = error;
  return [
    `error[${error.code}]: ${error.message}`,
    ...(location
      ? [`  --> ${formatLocation(location)}`, ...(location.excerpt ?? []).map((line) => `  ${line}`)]
      : []),
    ...error.details.map((line) => `  ${line}`),
    ...causesOf(error).map((cause) => `  caused by: ${cause}`),
    ...(error.hint ? [`  hint: ${error.hint}`] : []),
  ].join("\n");
}

/** As events tell a failure. */
export function failureFacts(error: unknown): {
  readonly code: ErrorCode | "INTERNAL";
  readonly message: string;
} {
  return {
    code: error instanceof PaiError ? error.code : "INTERNAL",
    message: error instanceof Error ? error.message : String(error),
  };
}

/** `file`, `file:line` or `file:line:column`. */
export function formatLocation({ file, line, column }: Location): string {
  return [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  const seen = new Set<unknown>([error]);
  for (let cause = error.cause; cause !== undefined && !seen.has(cause); cause = (cause as Error).cause) {
    seen.add(cause);
    causes.push(textOf(cause));
    if (!(cause instanceof Error)) break;
  }
  return causes;
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(textOf).join("; ");
  if (error instanceof Error) return error.message || error.name;
  return String(error);
}
