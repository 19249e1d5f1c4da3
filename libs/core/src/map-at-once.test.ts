import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { mapAtOnce } from "./map-at-once.ts";

test("no more than the limit run at once, and results keep the items' order", async () => {
  let running = 0;
  let most = 0;
  const results = await mapAtOnce([30, 1, 20, 5], { limit: 2 }, async (ms) => {
    most = Math.max(most, ++running);
    await sleep(ms);
    running -= 1;
    return ms * 2;
  });
  expect(results).toEqual([60, 2, 40, 10]);
  expect(most).toBe(2);
});

test("after a failure nothing more is started, and what runs is waited for", async () => {
  const ended: string[] = [];
  const work = mapAtOnce(["slow", "bad", "never"], { limit: 2 }, async (item) => {
    await sleep(item === "slow" ? 20 : 1);
    ended.push(item);
    if (item !== "slow") throw new Error(item);
  });
  await expect(work).rejects.toThrow("bad");
  expect(ended).toEqual(["bad", "slow"]);
});

test("an abort is thrown with its reason, and starts nothing more", async () => {
  const controller = new AbortController();
  const started: number[] = [];
  const work = mapAtOnce([1, 2], { limit: 1, signal: controller.signal }, async (item) => {
    started.push(item);
    controller.abort(new Error("enough"));
  });
  await expect(work).rejects.toThrow("enough");
  expect(started).toEqual([1]);
});
