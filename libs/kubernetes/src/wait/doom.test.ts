import { expect, test } from "vitest";
import { pod } from "../causes/fixtures.ts";
import type { Cause } from "../causes/types.ts";
import { createDoomWatch } from "./doom.ts";
import type { Trouble } from "./trouble.ts";

const ref = { apiVersion: "apps/v1", kind: "Deployment", namespace: "ns", name: "a" };
const cause = (name: string, doomedAfterMs: number | undefined): Cause => ({
  text: "image x: not found",
  pod: { ...pod({}), metadata: { name } },
  ...(doomedAfterMs === undefined ? {} : { doomedAfterMs }),
});
const trouble = (...causes: Cause[]): Trouble => ({
  ref,
  reason: "0 of 3 pods ready",
  causes,
  isFinal: false,
});
const strict = { mode: "on", pods: 0, afterMs: 0 } as const;

test("a cause has to last as long as its kind may pass", () => {
  const doom = createDoomWatch(strict);
  const seen = [trouble(cause("a-1", 5000))];
  doom.see(seen, 1000);
  expect(doom.hopeless(seen, 5000)).toBeUndefined();
  doom.see(seen, 6000);
  expect(doom.hopeless(seen, 6000)).toBeDefined();
});

test("a cause that went away begins anew", () => {
  const doom = createDoomWatch(strict);
  const seen = [trouble(cause("a-1", 5000))];
  doom.see(seen, 0);
  doom.see([], 3000);
  doom.see(seen, 4000);
  expect(doom.hopeless(seen, 6000)).toBeUndefined();
});

test("fail-fast allows so many pods, and a time", () => {
  const two = [trouble(cause("a-1", 0), cause("a-2", 0))];
  const doom = createDoomWatch({ mode: "on", pods: 2, afterMs: 0 });
  doom.see(two, 0);
  expect(doom.hopeless(two, 0)).toBeUndefined();
  const three = [trouble(cause("a-1", 0), cause("a-2", 0), cause("a-3", 0))];
  expect(doom.hopeless(three, 0)).toBeDefined();
  const patient = createDoomWatch({ mode: "on", pods: 0, afterMs: 120_000 });
  patient.see(two, 0);
  expect(patient.hopeless(two, 119_000)).toBeUndefined();
  expect(patient.hopeless(two, 120_000)).toBeDefined();
});

test("what refuses all pods is no matter of how many", () => {
  const refused = [trouble({ text: "its pods are refused: no", doomedAfterMs: 0 })];
  const doom = createDoomWatch({ mode: "on", pods: 9, afterMs: 0 });
  expect(doom.hopeless(refused, 0)).toBeDefined();
});

test("off gives up only where Kubernetes has", () => {
  const doom = createDoomWatch({ mode: "off" });
  const seen = [trouble(cause("a-1", 0))];
  expect(doom.hopeless(seen, 1e9)).toBeUndefined();
  expect(doom.hopeless([{ ...trouble(), isFinal: true }], 0)).toBeDefined();
});

test("what may always pass ends no wait", () => {
  const doom = createDoomWatch(strict);
  const seen = [trouble(cause("a-1", undefined))];
  doom.see(seen, 0);
  expect(doom.hopeless(seen, 1e9)).toBeUndefined();
});

const unschedulable = (nodes: number, doomedAfterMs: number | undefined = 60_000): Trouble =>
  trouble({
    ...cause("a-1", doomedAfterMs),
    kind: "scheduling",
    text: `no node takes it: 0/5 nodes are available: ${nodes} Insufficient cpu`,
  });

test("numbers that change in a cause's text do not begin its patience anew", () => {
  const doom = createDoomWatch(strict);
  for (const [index, now] of [0, 50_000, 59_000].entries()) {
    const seen = [unschedulable(index)];
    doom.see(seen, now);
    expect(doom.hopeless(seen, now)).toBeUndefined();
    expect(doom.since(unschedulable(index))).toBe(0);
  }
  const last = unschedulable(3);
  doom.see([last], 60_000);
  expect(doom.hopeless([last], 60_000)).toEqual(last);
});

test("a cause that becomes more hopeless counts anew as that, and goes on as what it was", () => {
  const doom = createDoomWatch(strict);
  const look = (seen: Trouble, now: number): boolean => {
    doom.see([seen], now);
    return doom.hopeless([seen], now) !== undefined;
  };
  expect(look(unschedulable(1), 0)).toBe(false);
  expect(look(unschedulable(1, 5000), 50_000)).toBe(false);
  expect(look(unschedulable(1), 53_000)).toBe(false);
  expect(look(unschedulable(1, 5000), 56_000)).toBe(false);
  expect(look(unschedulable(1), 60_000)).toBe(true);
});

test("what may pass again for a while begins its patience anew", () => {
  const doom = createDoomWatch(strict);
  const hopeful = trouble({ ...cause("a-1", undefined), kind: "scheduling" });
  doom.see([unschedulable(1)], 0);
  doom.see([hopeful], 50_000);
  doom.see([unschedulable(1)], 51_000);
  expect(doom.hopeless([unschedulable(1)], 60_000)).toBeUndefined();
});
