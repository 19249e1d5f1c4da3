// A command on a real terminal, and what a person would see there.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import xterm from "@xterm/headless";

export interface TerminalRun {
  /** The lines with something in them, from the first that was ever written. */
  readonly screen: () => string[];
  readonly type: (text: string) => void;
  readonly resize: (size: { readonly columns: number; readonly rows: number }) => void;
  /** Until the screen has the text; throws with the screen after 200 s. */
  readonly waitFor: (text: string) => Promise<void>;
  readonly isCursorVisible: () => boolean;
  /** The exit code. */
  readonly ended: Promise<number>;
}

export function runOnTerminal(
  argv: readonly string[],
  options: {
    readonly cwd: string;
    readonly columns?: number;
    readonly rows?: number;
    readonly env?: NodeJS.ProcessEnv;
  },
): TerminalRun {
  const { cwd, columns = 100, rows = 30 } = options;
  const emulator = new xterm.Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true });
  const script = path.join(import.meta.dirname, "run-on-terminal.py");
  const { CI: _ci, NO_COLOR: _color, ...environment } = process.env;
  const child = spawn("python3", [script, `${columns}`, `${rows}`, ...argv], {
    cwd,
    env: { ...environment, TERM: "xterm-256color", ...options.env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let isCursorVisible = true;
  child.stdout.on("data", (bytes: Buffer) => {
    for (const [, what] of bytes.toString("latin1").matchAll(/\[\?25([hl])/g)) isCursorVisible = what === "h";
    emulator.write(bytes);
  });
  const screen = (): string[] => {
    const buffer = emulator.buffer.active;
    return Array.from({ length: buffer.length }, (_, index) => buffer.getLine(index))
      .map((line) => line?.translateToString(true) ?? "")
      .filter((line) => line !== "");
  };
  const ended = once(child, "close").then(async ([code]) => {
    await new Promise<void>((resolve) => emulator.write("", resolve));
    return code as number;
  });
  return {
    screen,
    type: (text) => void child.stdin.write(text),
    resize: (size) => {
      emulator.resize(size.columns, size.rows);
      child.stdin.write(`\u001B[8;${size.rows};${size.columns}t`);
    },
    waitFor: async (text) => {
      for (let tries = 0; !screen().join("\n").includes(text); tries += 1) {
        if (tries > 4000) throw new Error(`"${text}" is not on the screen:\n${screen().join("\n")}`);
        await sleep(50);
      }
    },
    isCursorVisible: () => isCursorVisible,
    ended,
  };
}
