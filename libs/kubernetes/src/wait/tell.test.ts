import { expect, test } from "vitest";
import { pod } from "../causes/fixtures.ts";
import type { Cause } from "../causes/types.ts";
import { createDoomWatch } from "./doom.ts";
import { createTeller } from "./tell.ts";
import type { Trouble } from "./trouble.ts";

const probe = (answer: string, name = "a-1"): Cause => ({
  text: `readiness probe fails: ${answer}`,
  kind: "Readiness probe",
  container: "main",
  pod: { ...pod({}), metadata: { name } },
});
const crash: Cause = { ...probe(""), text: "exited with 1", kind: "crash" };
const trouble = (...causes: Cause[]): Trouble => ({
  ref: { apiVersion: "apps/v1", kind: "Deployment", namespace: "ns", name: "a" },
  reason: "0 of 1 pods ready",
  causes,
  isFinal: false,
});

/** What is told of troubles at these times, in milliseconds. */
async function tell(looks: readonly (readonly [number, Trouble])[]): Promise<string[]> {
  const told: string[] = [];
  let at = 0;
  const doom = createDoomWatch({ mode: "off" });
  const onWaiting = ({ cause = "" }: { readonly cause?: string }): number => told.push(`${at}: ${cause}`);
  const teller = createTeller({ now: () => new Date(at), onWaiting }, doom, {
    lastLine: () => Promise.resolve(undefined),
  });
  for (const [now, seen] of looks) {
    at = now;
    doom.see([seen], now);
    await teller.tell([seen], now);
  }
  return told;
}

test("a probe whose text changes at every look is told every other second", async () => {
  const looks = Array.from({ length: 50 }, (_, index) => {
    const answer = `read tcp 10.0.0.1:${40_000 + index}`;
    return [index * 200, trouble(probe(answer, `a-${index % 2}`))] as const;
  });
  expect(await tell(looks)).toEqual(
    [0, 2000, 4000, 6000, 8000].map(
      (at) => `${at}: container main: readiness probe fails: read tcp 10.0.0.1:${40_000 + at / 200}`,
    ),
  );
});

test("a new cause is told at once, one that comes back and counters in time, and nothing twice", async () => {
  const ready = "container main: readiness probe fails: no";
  expect(
    await tell([
      [0, trouble()],
      [100, trouble(probe("no"))],
      [200, trouble(crash)],
      [300, trouble(probe("no"))],
      [400, trouble()],
      [2200, trouble(probe("no"))],
      [9000, trouble(probe("no"))],
    ]),
  ).toEqual(["0: 0 of 1 pods ready", `100: ${ready}`, "200: container main exited with 1", `2200: ${ready}`]);
});
