import type { View } from "./view.ts";

/** One event a line, with the time it happened. */
export function createJsonView(write: (text: string) => void): View {
  return {
    report: (event) => write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`),
    end: () => {},
  };
}
