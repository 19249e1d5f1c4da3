import type { ActionEvent } from "@pai/core";

/** One event a line on stdout, with the time it happened. */
export function jsonView(event: ActionEvent): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
}
