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
  const traces = [...spoken, "Step 4/4 : LABEL a=b\n", " ---> 12ab\nSuccessfully built 12ab\n"].flatMap(
    (text) => transcript.take(text),
  );
  expect(toldBy([...traces, ...transcript.end()])).toEqual([
    "[1/3] FROM busybox",
    "[1/3] FROM busybox done",
    "[2/3] COPY x /x cached",
    "[2/3] COPY x /x cached done",
    "[3/3] RUN echo hello; echo Step 9/4 : x; echo wrong >&2",
    "/3: hello\n",
    "/3: Step 9/4 : x\n",
    "/3: wrong\n",
    "[3/3] RUN echo hello; echo Step 9/4 : x; echo wrong >&2 done",
  ]);
});

test("an error belongs to the step that runs, even if it has not said anything", () => {
  const transcript = createTranscript(1, () => 1);
  transcript.take("Step 1/3 : FROM busybox\n ---> 5d64\nStep 2/3 : COPY gone /\n");
  expect(toldBy(transcript.end("COPY failed"))).toEqual(["[2/2] COPY gone / done COPY failed"]);
});

test("Podman's lines are understood as well", () => {
  const transcript = createTranscript(2, () => 1);
  const lines = `[1/2] STEP 1/2: FROM busybox AS x
[1/2] STEP 2/2: ENV A=1
--> Using cache c14d
--> c14d
[2/2] STEP 1/4: FROM b423
[2/2] STEP 2/4: RUN echo second
second
--> 91e5
[2/2] STEP 3/4: LABEL "a"="b"
[2/2] STEP 4/4: LABEL "c"="d"
[2/2] COMMIT docker.io/library/x:1
Successfully tagged docker.io/library/x:1
`;
  expect(toldBy([...transcript.take(lines), ...transcript.end()])).toEqual([
    "[stage-0 1/2] FROM busybox AS x done",
    "[stage-0 2/2] ENV A=1 cached",
    "[stage-0 2/2] ENV A=1 cached done",
    "[stage-1 1/2] FROM b423 done",
    "[stage-1 2/2] RUN echo second",
    "stage-1/2: second\n",
    "[stage-1 2/2] RUN echo second done",
  ]);
});
