import { exitCodeOf, formatError } from "@pai/core";

/** Runs a command of this folder: Ctrl-C becomes the signal, errors become text, the result the exit code. */
export async function runEdge(main: (signal: AbortSignal) => Promise<number>): Promise<void> {
  // A container's PATH may lack the folders of the system's own tools.
  process.env["PATH"] = [process.env["PATH"], "/usr/local/sbin", "/usr/sbin", "/sbin"]
    .filter(Boolean)
    .join(":");
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    process.exitCode = await main(controller.signal);
  } catch (error) {
    process.stderr.write(`${formatError(error)}\n`);
    process.exitCode = controller.signal.aborted ? 130 : exitCodeOf(error);
  }
}
