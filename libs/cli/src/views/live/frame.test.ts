import type { ActionEvent } from "@pai/core";
import { expect, test } from "vitest";
import { drawFrame } from "./frame.ts";
import { createRunState } from "./run-state.ts";

const tasks = [
  { service: "base", image: "base", needs: [] },
  { service: "hadoop", image: "hadoop-run", needs: ["base"] },
  { service: "hbase", image: "hbase", needs: ["hadoop-run"] },
];
const hadoop = { service: "hadoop", image: "hadoop-run" };
const build: readonly ActionEvent[] = [
  { type: "planned", action: "build", services: ["base", "hadoop", "hbase"], tasks },
  {
    type: "finished",
    action: "build",
    service: "base",
    image: "base",
    outcome: "unchanged",
    detail: "in the registry",
    ms: 1,
  },
  { type: "started", action: "build", ...hadoop },
  { type: "step", ...hadoop, state: "started", number: 4, total: 6, instruction: "RUN mvn dependency:copy" },
  { type: "output", ...hadoop, line: "Downloaded \u001B[32mhdfs.jar\u001B[0m" },
];

function frame(events: readonly ActionEvent[], size: { columns: number; rows: number }): string[] {
  const state = createRunState();
  for (const event of events) state.take(event, 0);
  return drawFrame(state.tasks(), size, 31_200);
}

test("what runs shows its step, time and last line; what waits shows for what; what has ended is gone", () => {
  expect(frame(build, { columns: 101, rows: 24 })).toEqual([
    `  hadoop/hadoop-run       building  step 4/6  RUN mvn dependency:copy${"31.2 s".padStart(31)}`,
    "                          │ Downloaded hdfs.jar",
    "  hbase                   waits for hadoop-run",
  ]);
});

test("steps from the cache are counted, and hide no step that runs", () => {
  const step = (state: "started" | "cached" | "done", number: number, stage?: string): ActionEvent => ({
    type: "step",
    ...hadoop,
    state,
    number,
    total: 4,
    instruction: `RUN ${number}`,
    ...(stage === undefined ? {} : { stage }),
  });
  const shown = (...steps: ActionEvent[]): string | undefined =>
    frame([...build.slice(0, 3), ...steps], { columns: 101, rows: 24 })[0]?.split(/ {4,}/)[1];
  const spared = [step("cached", 1), step("cached", 2)];
  expect(shown(...spared)).toBe("building  step 2/4, 2 cached  RUN 2");
  expect(shown(...spared, step("started", 3))).toBe("building  step 3/4, 2 cached  RUN 3");
  const beside = [step("started", 3, "a"), step("cached", 1, "b"), step("done", 3, "b")];
  expect(shown(...beside, step("cached", 2, "b"))).toBe("building  step a 3/4, 2 cached  RUN 3");
  expect(shown(...beside, step("done", 3, "a"), step("cached", 2, "b"))).toBe(
    "building  step b 2/4, 2 cached  RUN 2",
  );
});

test("a narrow terminal cuts the middle of names and the end of steps; no line reaches its last column", () => {
  const lines = frame(build, { columns: 60, rows: 24 });
  expect(lines[0]).toBe("  hadoop/…op-run  building  step 4/6  RUN mvn…       31.2 s");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(60);
});

test("a reason is never cut: it goes on in the lines below", () => {
  const reason =
    'pod name-node-x7k on m1: container name-node exited with 1, twice, last line: "storage is inconsistent"';
  const lines = frame(
    [
      {
        type: "planned",
        action: "start",
        services: [],
        tasks: [
          { service: "name-node", needs: [] },
          { service: "hbase", needs: ["name-node"] },
        ],
      },
      { type: "started", action: "start", service: "name-node" },
      {
        type: "waiting",
        service: "name-node",
        object: "DaemonSet name-node",
        reason,
        givesUp: "at the third exit",
      },
    ],
    { columns: 76, rows: 24 },
  );
  expect(lines.map((line) => line.trim())).toEqual([
    expect.stringMatching(/^name-node +not ready +pod name-node-x7k .* 31\.2 s$/),
    ...lines.slice(1, -2).map((line) => line.trim()),
    "gives up at the third exit · 1 service waits for it",
    expect.stringMatching(/^hbase +waits for name-node$/),
  ]);
  const shown = lines.join(" ").replaceAll(/ +/g, " ").replace(" 31.2 s", "");
  expect(shown).toContain(reason);
});

test("more tasks than lines: what runs comes first, the rest is counted", () => {
  const names = Array.from({ length: 30 }, (_, index) => `s${index}`);
  const events: ActionEvent[] = [
    {
      type: "planned",
      action: "start",
      services: names,
      tasks: names.map((service) => ({ service, needs: [] })),
    },
    { type: "started", action: "start", service: "s28" },
    { type: "started", action: "start", service: "s29" },
  ];
  const lines = frame(events, { columns: 80, rows: 8 });
  expect(lines.map((line) => line.trim().split(/ {2,}/)[0])).toEqual([
    "s28",
    "s29",
    "s0",
    "s1",
    "s2",
    "… and 25 more wait",
  ]);
});
