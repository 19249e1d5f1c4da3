// The lines of the live view for one size of the terminal: what is worked on first, then what waits, then what
// was printed last, each as far as there is room.
import { seconds, waitingFacts } from "../lines.ts";
import { cutEnd, cutMiddle, padTo, printable, wrap } from "./cells.ts";
import { countBehind, type LiveTask } from "./run-state.ts";

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

/** Colours a line that is less important. */
export type Dim = (line: string) => string;

interface Frame {
  readonly columns: number;
  readonly nameWidth: number;
  readonly now: number;
}

const widest = 100;
const timeWidth = 13;

export function drawFrame(
  tasks: readonly LiveTask[],
  { columns, rows }: FrameSize,
  now: number,
  dim: Dim = (line) => line,
): string[] {
  const width = Math.max(20, Math.min(widest, columns - 1));
  const frame: Frame = { columns: width, nameWidth: Math.min(22, Math.floor(width / 4)), now };
  const running = tasks.filter(({ since }) => since !== undefined);
  const waiting = tasks.filter(({ since }) => since === undefined);
  // One line stays free for the cursor, one for what is above.
  let room = Math.max(1, rows - 2);

  const heads = fit(
    running.map((task) => headOf(task, tasks, frame)),
    room,
    (more) => [`  … and ${more} more are worked on`],
  );
  room -= count(heads);
  const waits = fit(
    waiting.map((task) => [waitingRow(task, frame)]),
    room,
    (more) => [`  … and ${more} more wait`],
  );
  room -= count(waits);
  const shown = running.slice(0, heads.length);
  const tail = Math.floor(room / Math.max(1, shown.length));
  const cut = (line: string): string => cutEnd(line, width);
  return [
    ...heads.flatMap((head, index) => [
      ...head.map(cut),
      ...tailOf(shown[index], tail, frame).map((line) => dim(cut(line))),
    ]),
    ...waits.flat().map((line) => dim(cut(line))),
  ];
}

/** As many blocks as there is room for, and a last one that counts the rest. */
function fit(blocks: readonly string[][], room: number, rest: (more: number) => string[]): string[][] {
  if (count(blocks) <= room) return [...blocks];
  if (room <= 0) return [];
  const firstLines = blocks.map((block) => block.slice(0, 1));
  if (count(firstLines) <= room) return growInto(blocks, firstLines, room);
  const shown = firstLines.slice(0, room - 1);
  return [...shown, rest(blocks.length - shown.length)];
}

/** Reasons in full for as many as have room, from the top. */
function growInto(blocks: readonly string[][], short: string[][], room: number): string[][] {
  let left = room - short.length;
  return blocks.map((block) => {
    const taken = Math.min(left, block.length - 1);
    left -= taken;
    return block.slice(0, 1 + taken);
  });
}

function headOf(task: LiveTask, tasks: readonly LiveTask[], frame: Frame): string[] {
  const { waiting } = task;
  if (!waiting) {
    const text = task.text === "" ? task.doing : `${task.doing}  ${task.text}`;
    const room = frame.columns - frame.nameWidth - 4 - timeWidth;
    return [timed(task, cutEnd(printable(text), room), frame)];
  }
  const indent = " ".repeat(frame.nameWidth + 4);
  const facts = waitingFacts(waiting, countBehind(tasks, task.subject));
  const state = waiting.object === undefined ? task.doing : "not ready";
  const [first = "", ...more] = wrap(
    `${state.padEnd(11)}  ${printable(waiting.reason)}`,
    frame.columns - frame.nameWidth - 4 - timeWidth,
  );
  return [
    timed(task, first, frame),
    ...more.map((line) => indent + line),
    ...(facts.length > 0 ? wrap(facts.join(" · "), frame.columns - indent.length) : []).map(
      (line) => indent + line,
    ),
  ];
}

function waitingRow(task: LiveTask, frame: Frame): string {
  const text = task.needs.size === 0 ? "waits for its turn" : `waits for ${[...task.needs].join(", ")}`;
  return named(task, text, frame);
}

function tailOf(task: LiveTask | undefined, lines: number, frame: Frame): string[] {
  if (!task || lines <= 0) return [];
  return task.tail.slice(-lines).map((line) => `${" ".repeat(frame.nameWidth + 4)}│ ${printable(line)}`);
}

function named(task: LiveTask, text: string, { nameWidth }: Frame): string {
  return `  ${padTo(cutMiddle(task.name, nameWidth), nameWidth)}  ${text}`;
}

function timed(task: LiveTask, text: string, frame: Frame): string {
  const time = seconds(Math.max(0, frame.now - (task.since ?? frame.now)));
  return padTo(named(task, text, frame), frame.columns - timeWidth) + time.padStart(timeWidth);
}

function count(blocks: readonly (readonly string[])[]): number {
  return blocks.reduce((sum, block) => sum + block.length, 0);
}
