// A socket on which the programs of a script ask the process that has started it, so that they need no connection
// and no rules of their own. ask.ts is the other end.
import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import path from "node:path";
import { createLineSplitter } from "./lines.ts";

/** One JSON line to the server. */
export interface Question {
  readonly argv: readonly string[];
}

/** JSON lines from the server; the last one has the exit code. */
export type Answer = { readonly line: string } | { readonly exit: number };

export interface AnswersOptions {
  /** A private folder, with a short path: those of sockets end after about a hundred characters. */
  readonly folder: string;
  /** Gives the exit code. `signal` is aborted when nobody waits for the answer any more. */
  readonly answer: (
    argv: readonly string[],
    say: (line: string) => void,
    signal: AbortSignal,
  ) => Promise<number>;
}

/** Returns the path of the socket, and how to close it. */
export async function openAnswers({
  folder,
  answer,
}: AnswersOptions): Promise<{ readonly socket: string; readonly close: () => void }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    const left = new AbortController();
    socket.on("error", () => {}).on("close", () => (open.delete(socket), left.abort()));
    const tell = (message: Answer): boolean => socket.write(`${JSON.stringify(message)}\n`);
    const splitter = createLineSplitter((line) => {
      const { argv } = JSON.parse(line) as Question;
      void answer(argv, (text) => void tell({ line: text }), left.signal)
        .catch(() => 1)
        .then((exit) => socket.end(`${JSON.stringify({ exit })}\n`));
    });
    socket.on("data", splitter.write);
  });
  const socket = path.join(folder, "answers");
  server.listen(socket);
  await once(server, "listening");
  return {
    socket,
    close: () => {
      server.close();
      for (const each of open) each.destroy();
    },
  };
}
