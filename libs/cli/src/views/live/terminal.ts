// A block of lines at the end of a terminal that is drawn over itself. What anybody else writes to the same
// terminal goes above it.
import type { WriteStream } from "node:tty";
import stringWidth from "fast-string-width";

export interface Terminal {
  /** Replaces the block, after `lasting` lines that stay above it. */
  draw(block: readonly string[], lasting?: readonly string[]): void;
  /** Removes the block and gives the terminal back. */
  close(): void;
}

const hideCursor = "\u001B[?25l";
const showCursor = "\u001B[?25h";
const eraseLine = "\u001B[K";
const eraseBelow = "\u001B[J";

/** `others` are streams that end on the same terminal. */
export function openTerminal(stream: WriteStream, others: readonly WriteStream[] = []): Terminal {
  let drawn: readonly string[] = [];
  let isLineOpen = false;
  const write = stream.write.bind(stream);

  // A terminal that became narrower has broken the lines anew.
  const backToTop = (): string => {
    const { columns } = stream;
    const rows = drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / columns)), 0);
    return rows === 0 ? "" : `\r\u001B[${rows}A`;
  };
  const draw = (block: readonly string[], lasting: readonly string[] = []): void => {
    if (block.length + lasting.length + drawn.length === 0) return;
    const text = [
      ...lasting.map((line) => `${line}${eraseLine}\n`),
      ...block.map((line) => `${line}${eraseLine}\n`),
    ];
    const cursor = block.length > 0 ? hideCursor : showCursor;
    write(`${isLineOpen ? "\n" : ""}${backToTop()}${text.join("")}${eraseBelow}${cursor}`);
    isLineOpen = false;
    drawn = block;
  };
  const restores = [stream, ...others].map((each) =>
    intercept(each, (text, pass) => {
      const block = drawn;
      if (block.length > 0) write(`${backToTop()}${eraseBelow}`);
      drawn = [];
      pass();
      isLineOpen = !text.endsWith("\n");
      draw(block);
    }),
  );
  // Also a crash or a third Ctrl-C leaves a visible cursor.
  const onExit = (): void => void write(showCursor);
  process.on("exit", onExit);
  return {
    draw,
    close: () => {
      draw([]);
      restores.forEach((restore) => restore());
      process.off("exit", onExit);
    },
  };
}

/** Everything written to the stream is handed to `around`, which decides when it `pass`es. */
function intercept(stream: WriteStream, around: (text: string, pass: () => void) => void): () => void {
  // The prototype's method comes back as soon as the stream's own is gone.
  const pass = stream.write.bind(stream);
  const write = (...parameters: Parameters<WriteStream["write"]>): boolean => {
    let flushed = true;
    around(String(parameters[0]), () => (flushed = pass(...parameters)));
    return flushed;
  };
  stream.write = write as WriteStream["write"];
  return () => Reflect.deleteProperty(stream, "write");
}
