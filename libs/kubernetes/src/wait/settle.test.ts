import { expect, test } from "vitest";
import type { Pod } from "../causes/types.ts";
import { isSettled } from "./settle.ts";

const now = new Date("2026-11-24T00:01:00Z");
const pod = (probe: boolean, endedAt?: string, phase = "Running"): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a" },
  spec: { containers: [{ name: "c", ...(probe ? { readinessProbe: {} } : {}) }] },
  status: {
    phase,
    containerStatuses: [
      {
        name: "c",
        ready: true,
        restartCount: 1,
        state: { running: {} },
        ...(endedAt === undefined ? {} : { lastState: { terminated: { exitCode: 1, finishedAt: endedAt } } }),
      },
    ],
  },
});

test.each<[string, Pod[], number, boolean]>([
  ["a pod with a probe counts at once", [pod(true)], 0, true],
  ["one without has to stay ready", [pod(false)], 1000, false],
  ["and then counts", [pod(false)], 2000, true],
  ["a completed pod has nothing to prove", [pod(false, undefined, "Succeeded")], 0, true],
  ["a fresh restart is not trusted", [pod(true, "2026-11-24T00:00:55Z")], 3000, false],
  ["an old one is forgotten", [pod(true, "2026-11-24T00:00:30Z")], 0, true],
  ["no pod at all may be too early a look", [], 0, false],
  ["or the truth", [], 2000, true],
])("%s", (_, pods, readyForMs, settled) => {
  expect(isSettled(pods, { readyForMs, expectsPods: true, now })).toBe(settled);
});
