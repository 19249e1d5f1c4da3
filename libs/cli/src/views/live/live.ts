// Progress on a terminal: what has ended stays above as lines, what goes on is drawn over itself below.
import type { WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { ActionEvent } from "@pai/core";
import { plainLine, row, type Subject } from "../lines.ts";
import type { View } from "../view.ts";
import { drawFrame } from "./frame.ts";
import { createRunState, type RunState } from "./run-state.ts";
import { openTerminal } from "./terminal.ts";

const framesEveryMs = 100;

export function createLiveView(stream: WriteStream, others: readonly WriteStream[]): View {
  const terminal = openTerminal(stream, others);
  const state = createRunState();
  let shown = "";
  const redraw = (lasting: readonly string[] = []): void => {
    const lines = drawFrame(state.tasks(), stream, Date.now(), (line) => styleText("dim", line, { stream }));
    const text = lines.join("\n");
    if (text === shown && lasting.length === 0) return;
    shown = text;
    terminal.draw(lines, lasting);
  };
  const onResize = (): void => {
    shown = "";
    redraw();
  };
  const timer = setInterval(() => redraw(), framesEveryMs).unref();
  stream.on("resize", onResize);
  return {
    report: (event) => {
      state.take(event, Date.now());
      const line = isLasting(event, state) ? plainLine(event, { width: widthOf(stream) }) : undefined;
      if (line !== undefined) redraw([colour(event, line, stream)]);
    },
    end: () => {
      clearInterval(timer);
      stream.off("resize", onResize);
      const left = state
        .tasks()
        .flatMap(({ subject, since }) =>
          since === undefined
            ? []
            : [row(subject, { width: widthOf(stream) }, "interrupted", Date.now() - since)],
        );
      terminal.draw([], left);
      terminal.close();
    },
  };
}

/** Adds nothing that the words do not say; NO_COLOR leaves it out. */
function colour(event: ActionEvent, line: string, stream: WriteStream): string {
  const colours = { failed: "red", warning: "yellow", skipped: "dim" } as const;
  const name = event.type in colours ? colours[event.type as keyof typeof colours] : undefined;
  return name === undefined ? line : styleText(name, line, { stream });
}

function widthOf({ columns }: WriteStream): number {
  return Math.min(100, columns - 1);
}

const passing: ReadonlySet<ActionEvent["type"]> = new Set([
  "started",
  "progress",
  "step",
  "output",
  "waiting",
]);

function isLasting(event: ActionEvent, state: RunState): boolean {
  // Tasks have rows of their own; a plan without them says that there is nothing to do.
  if (event.type === "planned") return event.tasks === undefined || event.tasks.length === 0;
  return !passing.has(event.type) || !("service" in event && state.knows(event as Subject));
}
