import { StringDecoder } from "node:string_decoder";
import type { BuildStep } from "@pai/core";
import { parseStepName } from "../dockerfile/locate-step.ts";
import type { Trace, Vertex } from "./trace.ts";

export interface StepProgress extends BuildStep {
  readonly state: "started" | "cached" | "done" | "failed";
  readonly ms?: number;
}

export interface ProgressListener {
  /** A step of the Dockerfile has begun, has ended, or was found in the cache. */
  readonly onStep: (step: StepProgress) => void;
  /** A whole line that a step printed. */
  readonly onOutput: (line: string) => void;
  /** Everything, for the log file. */
  readonly onLog: (line: string) => void;
}

export interface FailedVertex {
  readonly name: string;
  readonly error: string;
  /** What it printed last. */
  readonly lastLines: readonly string[];
}

export interface BuildProgress {
  take(trace: Trace): void;
  /** The step that ended the build, once the answer is read. */
  failed(): FailedVertex | undefined;
  /** Steps of the Dockerfile so far, and how many of them came from the cache. */
  counts(): { readonly steps: number; readonly cached: number };
}

const keptLines = 12;

interface Seen {
  name: string;
  started: boolean;
  completed: boolean;
  cached: boolean;
  error: string | undefined;
  rest: string;
  readonly decoder: StringDecoder;
  readonly lastLines: string[];
}

export function createProgress(listener: ProgressListener): BuildProgress {
  const seen = new Map<string, Seen>();
  const vertexOf = (digest: string): Seen => {
    const known = seen.get(digest) ?? newVertex();
    seen.set(digest, known);
    return known;
  };
  const printed = (vertex: Seen, line: string): void => {
    // A progress bar overwrites its line: what stood there last is what a reader would see.
    const shown = line.replace(/\r$/, "").replace(/^.*\r/, "");
    vertex.lastLines.push(shown);
    if (vertex.lastLines.length > keptLines) vertex.lastLines.shift();
    listener.onOutput(shown);
    listener.onLog(`  ${shown}`);
  };
  const takeVertex = (update: Vertex): void => {
    const vertex = vertexOf(update.digest);
    vertex.name = update.name || vertex.name;
    const step = stepOf(vertex.name);
    if (update.cached && !vertex.cached) {
      vertex.cached = true;
      if (step) listener.onStep({ ...step, state: "cached" });
      listener.onLog(`${vertex.name}  CACHED`);
    } else if (update.started !== undefined && !vertex.started && !vertex.cached) {
      if (step) listener.onStep({ ...step, state: "started" });
      listener.onLog(vertex.name);
    }
    vertex.started ||= update.started !== undefined;
    if (update.completed === undefined || vertex.completed) return;
    vertex.completed = true;
    if (vertex.rest !== "") printed(vertex, vertex.rest);
    vertex.rest = "";
    vertex.error = update.error;
    if (update.error !== undefined) listener.onLog(`${vertex.name}  ERROR: ${update.error}`);
    if (!step || vertex.cached || update.started === undefined) return;
    const ms = Math.round(update.completed - update.started);
    listener.onStep({ ...step, state: update.error === undefined ? "done" : "failed", ms });
    if (update.error === undefined) listener.onLog(`${vertex.name}  ${(ms / 1000).toFixed(1)} s`);
  };
  return {
    take: ({ vertices, logs }) => {
      // A step's last output may come together with its end: output goes first.
      for (const { vertex: digest, bytes } of logs) {
        const vertex = vertexOf(digest);
        const lines = (vertex.rest + vertex.decoder.write(Buffer.from(bytes))).split("\n");
        vertex.rest = lines.pop() ?? "";
        for (const line of lines) printed(vertex, line);
      }
      vertices.forEach(takeVertex);
    },
    failed: () => {
      const all = [...seen.values()];
      const vertex =
        all.find(({ error, lastLines }) => error !== undefined && lastLines.length > 0) ??
        all.find(({ name, error }) => error !== undefined && parseStepName(name)) ??
        all.find(({ error }) => error !== undefined);
      return vertex && { name: vertex.name, error: vertex.error ?? "", lastLines: vertex.lastLines };
    },
    counts: () => {
      const steps = [...seen.values()].filter(({ name }) => parseStepName(name));
      return { steps: steps.length, cached: steps.filter(({ cached }) => cached).length };
    },
  };
}

function stepOf(name: string): BuildStep | undefined {
  const step = parseStepName(name);
  if (!step) return undefined;
  const { stage, number, total, text } = step;
  return { ...(stage === "" ? {} : { stage }), number, total, instruction: text };
}

function newVertex(): Seen {
  return {
    name: "",
    started: false,
    completed: false,
    cached: false,
    error: undefined,
    rest: "",
    decoder: new StringDecoder("utf8"),
    lastLines: [],
  };
}
