/** A running python3 that speaks lines. Model itself starts no process; the caller hands this in. */
export interface PythonProcess {
  /** Writes one line to the script's standard input. */
  send(line: string): void;
  /** Lines that the script writes to file descriptor 3, until it closes it. */
  readonly answers: AsyncIterator<string>;
  /** What it printed last on its own standard error, where its own failure would be told. */
  readonly lastLines: () => readonly string[];
  /** Ends it, with everything that it started. */
  stop(): Promise<void>;
}

interface PythonOptions {
  readonly script: string;
  readonly cwd: string;
  /** Aborting it ends the process. */
  readonly signal: AbortSignal;
}

/** Resolves to undefined where there is no python3. */
export type StartPython = (options: PythonOptions) => Promise<PythonProcess | undefined>;
