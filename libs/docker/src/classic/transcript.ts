// The classic builder tells what it does in lines for people; here they become what BuildKit would say.
import { stripVTControlCharacters } from "node:util";
import type { Trace, Vertex } from "../buildkit/trace.ts";
import { parseStepLine, type StepLine } from "./step-line.ts";

export interface Transcript {
  /** The next piece of text, which may end within a line. What happened, in its order. */
  take(text: string): readonly Trace[];
  /** The last step is done, or failed with this error. */
  end(error?: string): readonly Trace[];
}

interface Step extends StepLine {
  readonly started: number;
  /** Told of at its second line only, which says whether the cache spares it. */
  told: boolean;
  cached: boolean;
  /** In which it runs. */
  container: string | undefined;
}

/** `labels`: how many steps the builder adds at the end to set them; they are not told of. */
export function createTranscript(labels: number, now: () => number = Date.now): Transcript {
  let rest = "";
  let step: Step | undefined;
  let ended = false;

  const close = (traces: Trace[], error?: string): void => {
    if (!step || ended) return;
    traces.push(traceOf({ ...vertexOf(step), completed: now(), ...(error ? { error } : {}) }));
  };
  const takeLine = (coloured: string, traces: Trace[]): void => {
    const line = withoutRed(coloured);
    const begun = parseStepLine(line, labels);
    // A step may print such a line, too, but hardly with the right number.
    if (begun && begun.number === (begun.stage === step?.stage ? step.number : 0) + 1) {
      close(traces);
      ended = begun.number > begun.total;
      step = { ...begun, started: now(), told: false, cached: false, container: undefined };
      return;
    }
    if (!step || ended || line === "") return;
    if (!step.told && /^ ?-+> Using cache/.test(line)) step.cached = true;
    if (!step.told) traces.push(traceOf(vertexOf(step)));
    step.told = true;
    if (isOutput(line, step))
      traces.push({ vertices: [], logs: [{ vertex: idOf(step), bytes: Buffer.from(`${line}\n`) }] });
  };
  return {
    take: (piece) => {
      const traces: Trace[] = [];
      const lines = (rest + piece).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) takeLine(line, traces);
      return traces;
    },
    end: (error) => {
      const traces: Trace[] = [];
      takeLine(rest, traces);
      rest = "";
      close(traces, error);
      step = undefined;
      return traces;
    },
  };
}

function traceOf(vertex: Vertex): Trace {
  return { vertices: [vertex], logs: [] };
}

function vertexOf(step: Step): Vertex {
  const { stage, number, total, text, cached, started } = step;
  const name = `[${stage === "" ? "" : `${stage} `}${number}/${total}] ${text}`;
  return { digest: idOf(step), name, cached, started };
}

function idOf({ stage, number }: Step): string {
  return `${stage}/${number}`;
}

// Docker's, and after the first bar Podman's.
const ownLine = /^ ---> |^--> |^(?:\[\d+\/\d+\] )?COMMIT |^[0-9a-f]{64}$|^Successfully (?:built|tagged) /;

/** Lines of the builder itself are left out. Takes note of the container that the step runs in. */
function isOutput(line: string, step: Step): boolean {
  if (step.container !== undefined) {
    if (line !== `Removing intermediate container ${step.container}`) return true;
    step.container = undefined;
    return false;
  }
  step.container = /^ ---> Running in ([0-9a-f]+)$/.exec(line)?.[1];
  return !ownLine.test(line);
}

/** What a step writes to its standard error comes in red, which ends at the start of the next line. */
function withoutRed(line: string): string {
  return line.includes("\u001B[91m") || line.startsWith("\u001B[0m") ? stripVTControlCharacters(line) : line;
}
