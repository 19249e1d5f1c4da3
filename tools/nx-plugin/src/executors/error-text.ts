import { formatError, PaiError } from "@pai/core";

/** Nx shows only the message of what an executor throws, without place, cause and hint. */
export function errorText(error: unknown): string {
  if (error instanceof PaiError || error instanceof AggregateError) return formatError(error);
  return `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
