import { expect, test } from "vitest";
import { createProgress } from "./progress.ts";
import type { Vertex } from "./trace.ts";

function listen(): {
  steps: string[];
  output: string[];
  log: string[];
  progress: ReturnType<typeof createProgress>;
} {
  const [steps, output, log]: [string[], string[], string[]] = [[], [], []];
  const progress = createProgress({
    onStep: ({ number, state }) => steps.push(`${number} ${state}`),
    onOutput: (line) => output.push(line),
    onLog: (line) => log.push(line),
  });
  return { steps, output, log, progress };
}
const vertex = (change: Partial<Vertex>): Vertex => ({
  digest: "1",
  name: "[2/3] RUN make",
  cached: false,
  ...change,
});
const bytes = (text: string): Uint8Array => Buffer.from(text);

test("each change of a step is told once, and the engine's own steps not at all", () => {
  const { steps, progress } = listen();
  progress.take({ vertices: [vertex({}), vertex({ started: 1 })], logs: [] });
  progress.take({ vertices: [vertex({ started: 1, completed: 2 })], logs: [] });
  progress.take({
    vertices: [vertex({ digest: "2", name: "[3/3] RUN x", cached: true, started: 1 })],
    logs: [],
  });
  progress.take({ vertices: [vertex({ digest: "3", name: "[internal] load", started: 1 })], logs: [] });
  expect(steps).toEqual(["2 started", "2 done", "3 cached"]);
  expect(progress.counts()).toEqual({ steps: 2, cached: 1 });
});

test("output is joined to whole lines and characters, whatever the pieces", () => {
  const { output, progress } = listen();
  const text = bytes("grüße\n");
  progress.take({ vertices: [], logs: [{ vertex: "1", bytes: text.subarray(0, 3) }] });
  progress.take({ vertices: [], logs: [{ vertex: "1", bytes: text.subarray(3) }] });
  progress.take({ vertices: [], logs: [{ vertex: "1", bytes: bytes("10 %\r100 %\r\nend") }] });
  progress.take({ vertices: [vertex({ started: 1, completed: 2 })], logs: [] });
  expect(output).toEqual(["grüße", "100 %", "end"]);
});

test("the step that failed keeps what it printed last", () => {
  const { progress } = listen();
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join("");
  progress.take({
    vertices: [
      vertex({ started: 1, completed: 2, error: "exit code: 7" }),
      vertex({ digest: "2", name: "[internal] x", started: 1, completed: 2, error: "canceled" }),
    ],
    logs: [{ vertex: "1", bytes: bytes(lines) }],
  });
  const failed = progress.failed();
  expect(failed).toMatchObject({ name: "[2/3] RUN make", error: "exit code: 7" });
  expect(failed?.lastLines.at(-1)).toBe("line 29");
  expect(failed?.lastLines).toHaveLength(12);
});
