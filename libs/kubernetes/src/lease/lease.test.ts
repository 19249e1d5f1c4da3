import { expect, test } from "vitest";
import { createExpiry, createLeases, type LeaseHolder, type OtherHolder } from "./lease.ts";
import type { Transport } from "../transport.ts";

interface Stored {
  metadata: { name: string; uid: string; resourceVersion: string };
}

/** As an API server keeps one object, with versions and preconditions. */
function leaseServer() {
  const server = { stored: undefined as Stored | undefined, version: 0, isAway: false };
  const answer = (code: number, body?: unknown) => ({ code, text: JSON.stringify(body ?? {}) });
  const send = async ({ method, body }: { method: string; body?: unknown }) => {
    if (server.isAway) throw new Error("no answer");
    const { stored } = server;
    const given = body as Stored | undefined;
    const next = (): Stored => ({
      ...(given as Stored),
      metadata: {
        ...(given as Stored).metadata,
        uid: stored?.metadata.uid ?? "u1",
        resourceVersion: String(++server.version),
      },
    });
    switch (method) {
      case "GET":
        return stored ? answer(200, stored) : answer(404);
      case "POST":
        return stored ? answer(409) : answer(201, (server.stored = next()));
      case "PUT":
        return stored?.metadata.resourceVersion === given?.metadata.resourceVersion
          ? answer(200, (server.stored = next()))
          : answer(409);
      default: {
        const { resourceVersion } = (body as { preconditions: { resourceVersion: string } }).preconditions;
        if (stored?.metadata.resourceVersion !== resourceVersion) return answer(409);
        server.stored = undefined;
        return answer(200);
      }
    }
  };
  return { server, transport: { send } as unknown as Transport };
}

const times = { durationMs: 1000, lookMs: 100 };
const signal = new AbortController().signal;
const holder = (id: string): LeaseHolder => ({
  id,
  about: `${id}@m1`,
  isGone: (other) => other === "dead",
});
const request = (id: string, onWaiting: (by: OtherHolder) => void = () => {}) => ({
  name: "pai-service-a",
  holder: holder(id),
  signal,
  onWaiting,
});

test("the second one waits, says for whom and since when, and goes on when the first is done", async () => {
  const { server, transport } = leaseServer();
  const leases = createLeases(transport, times);
  const first = await leases.acquire(request("a"));
  expect(first.waited).toBe(false);
  const told: OtherHolder[] = [];
  const second = leases.acquire(request("b", (by) => told.push(by)));
  setTimeout(() => void first.release(), 100);
  const held = await second;
  expect(held.waited).toBe(true);
  expect(told).toEqual([{ about: "a@m1", since: expect.stringMatching(/^\d{4}-.*T.*\.\d{6}Z$/) }]);
  await held.release();
  expect(server.stored).toBeUndefined();
});

test("one that is renewed is kept for longer than it lasts", async () => {
  const { transport } = leaseServer();
  const leases = createLeases(transport, times);
  const first = await leases.acquire(request("a"));
  let isTaken = false;
  const second = leases.acquire(request("b")).then((held) => {
    isTaken = true;
    return held;
  });
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(isTaken).toBe(false);
  expect(first.lost.aborted).toBe(false);
  await first.release();
  await (await second).release();
});

test("whoever is gone without a word is waited for until it expires, and notices when it comes back", async () => {
  const { server, transport } = leaseServer();
  const gone = await createLeases(transport, times).acquire(request("a"));
  server.isAway = true;
  const lost = new Promise((resolve) => gone.lost.addEventListener("abort", resolve, { once: true }));
  await lost;
  expect(gone.lost.reason).toMatchObject({
    code: "LEASE_LOST",
    message: "the lease pai-service-a was lost: it could not be renewed in time",
  });
  server.isAway = false;
  const second = await createLeases(transport, times).acquire(request("b"));
  expect(second.waited).toBe(true);
  await gone.release();
  expect(server.stored).toBeDefined();
  await second.release();
});

test("one that is known to be dead is not waited for", async () => {
  const { transport } = leaseServer();
  await createLeases(transport, times).acquire(request("dead"));
  const told: OtherHolder[] = [];
  const held = await createLeases(transport, times).acquire(request("b", (by) => told.push(by)));
  expect(told).toEqual([]);
  expect(held.waited).toBe(true);
  await held.release();
});

test("a lease expires only when it was seen to stay the same, without a gap", () => {
  const expiry = createExpiry({ lookMs: 1000 });
  const lease = { version: "1", durationMs: 3000 };
  expect([0, 1000, 2000, 3000].map((now) => expiry.isExpired(lease, now))).toEqual([
    false,
    false,
    false,
    true,
  ]);
  expect(expiry.isExpired({ ...lease, version: "2" }, 4000)).toBe(false);
  expect([14_000, 16_000, 17_000].map((now) => expiry.isExpired({ ...lease, version: "2" }, now))).toEqual([
    false,
    false,
    true,
  ]);
});
