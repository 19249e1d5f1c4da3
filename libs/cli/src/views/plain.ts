// Progress for logs and pipes: one line a change. What build steps print is in dist/logs, and would bury the
// rest here; it is shown with --verbose, or folded away where a CI system can fold.
import type { ActionEvent } from "@pai/core";
import type { Ci } from "./ci/ci.ts";
import { createHeartbeat } from "./heartbeat.ts";
import { nameOf, plainLine } from "./lines.ts";
import { countBehind, createRunState } from "./live/run-state.ts";
import type { View } from "./view.ts";

export interface PlainViewOptions {
  readonly write: (text: string) => void;
  /** Every line that steps print, as it is printed. */
  readonly verbose: boolean;
  readonly ci?: Ci | undefined;
  /** Milliseconds. */
  readonly now?: () => number;
}

const beatEveryMs = 5000;
/** A push tells how far it is every other second, for those who watch. */
const progressEveryMs = 15_000;
/** The end of a log is what tells; all of it is in the log file. */
const foldedLines = 2000;

export function createPlainView({ write, verbose, ci, now = Date.now }: PlainViewOptions): View {
  const heartbeat = createHeartbeat();
  const state = createRunState();
  const output = new Map<string, string[]>();
  const told = new Map<string, number>();
  const say = (line: string): void => write(`${line}\n`);
  const timer = setInterval(() => heartbeat.due(now()).forEach(say), beatEveryMs).unref();

  const keep = (event: Extract<ActionEvent, { type: "output" }>): void => {
    const name = nameOf(event);
    const lines = output.get(name) ?? [];
    output.set(name, lines);
    lines.push(event.line);
    if (lines.length > foldedLines) lines.shift();
  };
  const isTooSoon = (event: Extract<ActionEvent, { type: "progress" }>): boolean => {
    const name = nameOf(event);
    if (event.image === undefined || now() - (told.get(name) ?? -Infinity) >= progressEveryMs) {
      told.set(name, now());
      return false;
    }
    return true;
  };
  const fold = (event: Extract<ActionEvent, { type: "finished" | "failed" }>): void => {
    const name = nameOf(event);
    const lines = output.get(name);
    if (!ci || !lines) return;
    output.delete(name);
    write(ci.fold({ name, title: `output of ${name}`, lines: lines.map((line) => `│ ${line}`), now: now() }));
  };
  return {
    report: (event) => {
      heartbeat.take(event, now());
      state.take(event, now());
      if (event.type === "output" && !verbose) {
        if (ci) keep(event);
        // What a service's script prints is short, and nowhere else.
        if (ci || event.image !== undefined) return;
      }
      if (event.type === "progress" && isTooSoon(event)) return;
      if (event.type === "finished" || event.type === "failed") fold(event);
      const behind = event.type === "waiting" ? countBehind(state.tasks(), event) : 0;
      const line = plainLine(event, { behind });
      if (line !== undefined) say(line);
      if (event.type === "warning" && event.location && ci?.annotate)
        say(ci.annotate("warning", { message: event.message, location: event.location }));
    },
    end: () => clearInterval(timer),
  };
}
