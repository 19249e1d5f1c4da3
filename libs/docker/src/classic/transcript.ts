// The classic builder tells what it does in lines for people; here they become what BuildKit would say.
import { stripVTControlCharacters } from "node:util";
import type { Trace, Vertex } from "../buildkit/trace.ts";

export interface Transcript {
  /** The next piece of text, which may end within a line. */
  take(text: string): Trace;
  /** The last step is done, or failed with this error. */
  end(error?: string): Trace;
}

interface Step {
  readonly number: number;
  readonly name: string;
  readonly started: number;
  /** Told of at its second line only, which says whether the cache spares it. */
  told: boolean;
  cached: boolean;
  /** In which it runs. */
  container: string | undefined;
}

interface OpenTrace {
  readonly vertices: Vertex[];
  readonly logs: Trace["logs"][number][];
}

/** `labels`: how many steps the builder adds at the end to set them; they are not told of. */
export function createTranscript(labels: number, now: () => number = Date.now): Transcript {
  let rest = "";
  let step: Step | undefined;
  let ended = false;

  const close = ({ vertices }: OpenTrace, error?: string): void => {
    if (step && !ended) vertices.push({ ...vertexOf(step), completed: now(), ...(error ? { error } : {}) });
  };
  const takeLine = (coloured: string, trace: OpenTrace): void => {
    const line = withoutRed(coloured);
    const [, number, total, text] = /^Step (\d+)\/(\d+) : (.*)$/.exec(line) ?? [];
    // A step may print such a line, too, but hardly with the right number.
    if (text !== undefined && Number(number) === (step?.number ?? 0) + 1) {
      close(trace);
      const own = Number(total) - labels;
      ended = Number(number) > own;
      const name = `[${number}/${own}] ${text}`;
      step = {
        number: Number(number),
        name,
        started: now(),
        told: false,
        cached: false,
        container: undefined,
      };
      return;
    }
    if (!step || ended || line === "") return;
    if (!step.told && line === " ---> Using cache") step.cached = true;
    if (!step.told) trace.vertices.push(vertexOf(step));
    step.told = true;
    if (isOutput(line, step))
      trace.logs.push({ vertex: String(step.number), bytes: Buffer.from(`${line}\n`) });
  };
  return {
    take: (piece) => {
      const trace = { vertices: [], logs: [] };
      const lines = (rest + piece).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) takeLine(line, trace);
      return trace;
    },
    end: (error) => {
      const trace = { vertices: [], logs: [] };
      takeLine(rest, trace);
      rest = "";
      close(trace, error);
      step = undefined;
      return trace;
    },
  };
}

function vertexOf({ number, name, cached, started }: Step): Vertex {
  return { digest: String(number), name, cached, started };
}

/** Lines of the builder itself are left out. Takes note of the container that the step runs in. */
function isOutput(line: string, step: Step): boolean {
  if (step.container !== undefined) {
    if (line !== `Removing intermediate container ${step.container}`) return true;
    step.container = undefined;
    return false;
  }
  step.container = /^ ---> Running in ([0-9a-f]+)$/.exec(line)?.[1];
  return !/^ ---> |^Successfully (?:built|tagged) /.test(line);
}

/** What a step writes to its standard error comes in red, which ends at the start of the next line. */
function withoutRed(line: string): string {
  return line.includes("\u001B[91m") || line.startsWith("\u001B[0m") ? stripVTControlCharacters(line) : line;
}
