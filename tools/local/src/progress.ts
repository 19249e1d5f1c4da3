// One line a part. On a terminal the lines of running parts are redrawn in place; elsewhere each change is a line.
import { formatError } from "@pai/core";
import type { Task, TaskEvent } from "./tasks.ts";

export interface Progress {
  readonly report: (event: TaskEvent) => void;
  readonly close: () => void;
}

const WIDTH = 100;

export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

export function formatLine(
  mark: string,
  title: string,
  text: string,
  ms: number | undefined,
  width: number = WIDTH,
): string {
  const right = ms === undefined ? "" : formatDuration(ms);
  const head = `  ${mark.padEnd(6)} ${title.padEnd(26)} `;
  const room = Math.max(10, width - head.length - right.length - 1);
  const short = text.length > room ? `${text.slice(0, room - 1)}…` : text;
  return `${head}${short.padEnd(room)} ${right}`.trimEnd();
}

export function createProgress(out: NodeJS.WriteStream): Progress {
  return out.isTTY ? liveProgress(out) : plainProgress(out);
}

function endLine(event: TaskEvent, width: number): string | undefined {
  if (event.type === "done") return formatLine("[ok]", event.task.title, event.text, event.ms, width);
  if (event.type === "skipped")
    return formatLine("[--]", event.task.title, `not started: ${event.because} failed`, undefined, width);
  if (event.type === "failed") {
    const [first = ""] = formatError(event.error).split("\n");
    return formatLine("[fail]", event.task.title, first.replace(/^error(\[\w+\])?: /, ""), event.ms, width);
  }
  return undefined;
}

function plainProgress(out: NodeJS.WriteStream): Progress {
  const QUIET_MS = 30_000;
  const lastSaid = new Map<Task, number>();
  return {
    report(event) {
      const line = endLine(event, WIDTH);
      if (line) return void out.write(`${line}\n`);
      const last = lastSaid.get(event.task) ?? 0;
      if (event.type !== "progress" || event.ms - last < QUIET_MS) return;
      lastSaid.set(event.task, event.ms);
      out.write(`${formatLine("[..]", event.task.title, event.text, event.ms)}\n`);
    },
    close() {},
  };
}

function liveProgress(out: NodeJS.WriteStream): Progress {
  const running = new Map<Task, { text: string; since: number }>();
  let drawn = 0;
  const width = (): number => Math.min(out.columns || WIDTH, WIDTH);
  const draw = (finished = ""): void => {
    const now = performance.now();
    const lines = [...running].map(([task, { text, since }]) =>
      formatLine("[..]", task.title, text, now - since, width()),
    );
    const up = drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : "";
    out.write(`${up}${finished}${lines.map((line) => `${line}\n`).join("")}`);
    drawn = lines.length;
  };
  const timer = setInterval(draw, 500);
  timer.unref();
  return {
    report(event) {
      const line = endLine(event, width());
      if (line) running.delete(event.task);
      else
        running.set(event.task, {
          text: event.type === "progress" ? event.text : "",
          since: performance.now() - event.ms,
        });
      draw(line ? `${line}\n` : "");
    },
    close() {
      clearInterval(timer);
      running.clear();
      draw();
    },
  };
}
