import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withLock } from "./lock.ts";
import { readSettings, type Settings } from "./settings.ts";

let settings: Settings;
beforeAll(async () => {
  settings = readSettings({}, { runtime: await mkdtemp(path.join(tmpdir(), "lock-")) });
});
afterAll(() => rm(settings.runtime, { recursive: true, force: true }));

const signal = AbortSignal.timeout(20_000);

test("work under the lock is never done at the same time", async () => {
  let inside = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    expect(inside).toBe(1);
    await sleep(50);
    inside -= 1;
  };
  await Promise.all([1, 2, 3].map(() => withLock(settings, { signal, onWait: () => {} }, work)));
});

test("who waits is told, and waits no longer when interrupted", async () => {
  const controller = new AbortController();
  const told = Promise.withResolvers<void>();
  await withLock(settings, { signal, onWait: () => {} }, async () => {
    const second = withLock(
      settings,
      { signal: controller.signal, onWait: told.resolve },
      async () => "done",
    );
    await told.promise;
    controller.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
  });
  expect(await withLock(settings, { signal, onWait: () => {} }, async () => "free again")).toBe("free again");
});
