import { expect, test } from "vitest";
import type { Trace } from "../buildkit/trace.ts";
import { createTranscript } from "./transcript.ts";

// As an engine of version 20.10 sent it, container and image ids shortened.
const spoken = [
  "Step 1/4 : FROM busybox",
  "\n",
  " ---> 5d64\n",
  "Step 2/4 : COPY x /x",
  "\n",
  " ---> Using cache\n",
  " ---> 82bd\n",
  "Step 3/4 : RUN echo hello; echo Step 9/4 : x; echo wrong >&2",
  "\n",
  " ---> Running in 97ce\n",
  "hel",
  "lo\nStep 9/4 : x\n",
  "\u001B[91mwrong\n\u001B[0m",
  "Removing intermediate container 97ce\n",
  " ---> 7a11\n",
];

function toldBy(traces: readonly Trace[]): string[] {
  return traces.flatMap(({ vertices, logs }) => [
    ...vertices.map(({ name, cached, completed, error }) =>
      [name, cached ? "cached" : "", completed ? "done" : "", error ?? ""].filter(Boolean).join(" "),
    ),
    ...logs.map(({ vertex, bytes }) => `${vertex}: ${Buffer.from(bytes).toString()}`),
  ]);
}

test("steps, what the cache spares and what a step prints are told as BuildKit tells them", () => {
  const transcript = createTranscript(1, () => 1);
  const traces = [...spoken, "Step 4/4 : LABEL a=b\n", " ---> 12ab\nSuccessfully built 12ab\n"].map((text) =>
    transcript.take(text),
  );
  expect(toldBy([...traces, transcript.end()])).toEqual([
    "[1/3] FROM busybox",
    "[1/3] FROM busybox done",
    "[2/3] COPY x /x cached",
    "[2/3] COPY x /x cached done",
    "[3/3] RUN echo hello; echo Step 9/4 : x; echo wrong >&2",
    "3: hello\n",
    "3: Step 9/4 : x\n",
    "3: wrong\n",
    "[3/3] RUN echo hello; echo Step 9/4 : x; echo wrong >&2 done",
  ]);
});

test("an error belongs to the step that runs, even if it has not said anything", () => {
  const transcript = createTranscript(1, () => 1);
  transcript.take("Step 1/3 : FROM busybox\n ---> 5d64\nStep 2/3 : COPY gone /\n");
  expect(toldBy([transcript.end("COPY failed")])).toEqual(["[2/2] COPY gone / done COPY failed"]);
});
