import { readInstructions } from "@pai/model";
import { expect, test } from "vitest";
import { locateStep, parseStepName } from "./locate-step.ts";

const dockerfile = `ARG BASE=debian
FROM \${BASE} AS build
ENV A=1
RUN make
FROM scratch
COPY --from=build /x /x
WORKDIR /x
RUN a \\
  b
FROM build
RUN test
`;

function lineOf(name: string): number | undefined {
  const step = parseStepName(name);
  return step && locateStep(readInstructions(dockerfile).instructions, step)?.line;
}

test.each([
  ["[build 1/2] FROM docker.io/library/debian", 2],
  ["[build 2/2] RUN make", 4],
  ["[stage-1 1/3] COPY --from=build /x /x", 6],
  ["[stage-1 2/3] WORKDIR /x", 7],
  ["[stage-1 3/3] RUN a   b", 8],
  ["[stage-2 1/1] RUN test", 11],
  ["[stage-2 1/1] COPY x y", undefined],
  ["[other 1/1] RUN test", undefined],
  ["[internal] load build context", undefined],
  ["exporting to image", undefined],
])("%s stands in line %s", (name, line) => {
  expect(lineOf(name)).toBe(line);
});

test.each([
  ["[1/11] ARG BASE=debian", 1],
  ["[4/11] RUN make", 4],
  ["[6/11] COPY --from=build /x /x", 6],
  ["[8/11] RUN a   b", 8],
  ["[1/4] FROM debian", 2],
  ["[3/4] RUN make", 4],
  ["[stage-1 2/4] COPY --from=build /x /x", 6],
  ["[stage-1 2/4] RUN x", undefined],
])("of the classic builder, %s stands in line %s", (name, line) => {
  const step = parseStepName(name);
  const { instructions } = readInstructions(dockerfile);
  expect(step && locateStep(instructions, step, "classic")?.line).toBe(line);
});
