// Keeps two runs from changing the same thing at once (coordination.k8s.io/v1 Lease). No fence: whoever
// holds one has to stop when it is lost.
import { PaiError } from "@pai/core";
import { setTimeout as sleep } from "node:timers/promises";
import { createLeaseStore, type LeaseStore, type StoredLease } from "./lease-store.ts";
import type { Transport } from "../transport.ts";

export interface Leases {
  /** Waits until nobody else holds it. A holder that is gone without a word is waited for until it expires. */
  acquire(request: LeaseRequest): Promise<HeldLease>;
}

interface LeaseRequest {
  readonly name: string;
  readonly holder: LeaseHolder;
  readonly signal: AbortSignal;
  /** Told once for each other holder. */
  readonly onWaiting: (by: OtherHolder) => void;
}

export interface LeaseHolder {
  /** Of this run and no other. */
  readonly id: string;
  /** For people: `root@m1, paictl service start`. */
  readonly about: string;
  /** Whether another one is known to have ended without a word, so that nothing is waited for. */
  isGone(id: string): boolean;
}

export interface OtherHolder {
  readonly about: string;
  /** ISO 8601. */
  readonly since: string;
}

export interface HeldLease {
  /** Aborted, with LEASE_LOST as the reason, when it cannot be relied on any more. */
  readonly lost: AbortSignal;
  /** Somebody else held it before. */
  readonly waited: boolean;
  /** Never throws; a lease that cannot be given back expires. */
  release(): Promise<void>;
}

export interface LeaseTimes {
  /** Longer than an API server needs to come back. */
  readonly durationMs: number;
  readonly lookMs: number;
}

const farewellMs = 3000;
const usualTimes: LeaseTimes = { durationMs: 30_000, lookMs: 1000 };

export function createLeases(transport: Transport, times: LeaseTimes = usualTimes): Leases {
  const store = createLeaseStore(transport);
  return {
    async acquire(request) {
      const { name, holder, signal, onWaiting } = request;
      const watch = createExpiry(times);
      let told = "";
      for (;;) {
        const mine = await store.create(name, holder, times.durationMs);
        if (mine) return hold(store, mine, request, times, told !== "");
        const other = await store.find(name);
        if (!other) continue;
        // Its answer was lost, and it was sent again.
        if (other.holder === holder.id) return hold(store, other, request, times, told !== "");
        if (watch.isExpired(other, performance.now()) || holder.isGone(other.holder)) {
          const taken = await store.replace({ ...other, holder: holder.id, about: holder.about }, true);
          if (taken) return hold(store, taken, request, times, true);
          continue;
        }
        if (told !== other.holder) onWaiting({ about: other.about, since: other.since });
        told = other.holder;
        await sleep(times.lookMs, undefined, { signal });
      }
    },
  };
}

/**
 * Decides by the clock here alone, as those of two machines differ: a lease expires when it was seen to stay
 * the same for its whole time. A gap in looking at it, as when the API server is away, counts for nothing.
 */
export function createExpiry({ lookMs }: Pick<LeaseTimes, "lookMs">): {
  isExpired(lease: Pick<StoredLease, "version" | "durationMs">, now: number): boolean;
} {
  let version = "";
  let since = 0;
  let lastLook = 0;
  return {
    isExpired: (lease, now) => {
      if (lease.version !== version || now - lastLook > lookMs * 5) since = now;
      version = lease.version;
      lastLook = now;
      return now - since >= lease.durationMs;
    },
  };
}

function hold(
  store: LeaseStore,
  acquired: StoredLease,
  { name, holder }: LeaseRequest,
  { durationMs }: LeaseTimes,
  waited: boolean,
): HeldLease {
  const controller = new AbortController();
  let current = acquired;
  let isReleased = false;
  let watchdog: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearInterval(timer);
    clearTimeout(watchdog);
  };
  const lose = (why: string): void => {
    stop();
    if (!isReleased)
      controller.abort(new PaiError("LEASE_LOST", `the lease ${name} was lost: ${why}`, { hint }));
  };
  const guard = (): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => lose("it could not be renewed in time"), durationMs * 0.9).unref();
  };
  const renew = async (): Promise<void> => {
    const renewed = await store.replace(current, false);
    const found = renewed ?? (await store.find(name));
    if (found?.holder !== holder.id) return lose(`${found?.about ?? "nobody"} has it now`);
    current = found;
    guard();
  };
  guard();
  // One after the other: a renewal may take as long as the API server is away.
  let renewing = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renewing.then(renew).catch(() => {
      // The watchdog decides.
    });
  }, durationMs / 3).unref();
  return {
    lost: controller.signal,
    waited,
    release: async () => {
      isReleased = true;
      stop();
      // A renewal under way changes the version that has to be named.
      await Promise.race([renewing, sleep(farewellMs, undefined, { ref: false })]);
      await store.remove(current).catch(() => {});
    },
  };
}

const hint = "another run may have gone on; run it again: it goes on from what the cluster shows";
