import { expect, test } from "vitest";
import { createHeartbeat } from "./heartbeat.ts";

const about = { service: "hadoop", image: "hadoop" };
const step = { type: "step", ...about, number: 4, total: 6, instruction: "RUN mvn" } as const;

test("a step that is silent for 30 s is named with its time, and again after another 30 s", () => {
  const heartbeat = createHeartbeat();
  heartbeat.take({ type: "started", action: "build", ...about }, 0);
  heartbeat.take({ ...step, state: "started" }, 1000);
  expect(heartbeat.due(30_000)).toEqual([]);
  expect(heartbeat.due(31_000)).toEqual(["  hadoop                  still step 4/6  RUN mvn, 30.0 s"]);
  expect(heartbeat.due(60_000)).toEqual([]);
  expect(heartbeat.due(91_000)).toEqual(["  hadoop                  still step 4/6  RUN mvn, 1 min 30 s"]);
});

test("what has ended is silent, and what tells its progress needs no more", () => {
  const heartbeat = createHeartbeat();
  heartbeat.take({ type: "started", action: "push", ...about }, 0);
  heartbeat.take({ type: "progress", ...about, text: "pushing 1 of 2 MB" }, 20_000);
  expect(heartbeat.due(40_000)).toEqual([]);
  heartbeat.take(
    { type: "failed", action: "push", ...about, code: "PUSH_FAILED", message: "x", ms: 1 },
    41_000,
  );
  expect(heartbeat.due(90_000)).toEqual([]);
});
