import type { PaiError, WaitingFor } from "@pai/core";
import type { FailFast } from "@pai/model";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pod } from "../causes/types.ts";
import { describeTime } from "../describe-time.ts";
import { createDoomWatch, type DoomWatch } from "./doom.ts";
import { kickRefused } from "./kick.ts";
import type { ObjectRef, Objects } from "../objects.ts";
import { podsOf } from "../pods-of.ts";
import { hasReadiness, runsPods } from "../readiness/readiness.ts";
import { createRestartMemory } from "./restart-memory.ts";
import { isSettled } from "./settle.ts";
import { listOnce, queriesFor, takeSnapshot, type Snapshot } from "./snapshot.ts";
import { createTeller } from "./tell.ts";
import {
  describeTrouble,
  findTrouble,
  worstOf,
  type Surroundings,
  type Trouble,
  type WaitTarget,
} from "./trouble.ts";
import { createLogMemory, describeFailure, type LogMemory } from "./wait-failure.ts";
import type { WatchedView, Watches } from "../watch/watch-pool.ts";

export interface WaitOptions {
  readonly objects: Objects;
  readonly watches: Watches;
  /** The server's clock. */
  readonly now: () => Date;
  /** For messages. */
  readonly service: string;
  readonly targets: readonly WaitTarget[];
  /** When the change began, by the server's clock: what is older says nothing about it. */
  readonly since: Date;
  readonly timeoutMs: number;
  readonly failFast: FailFast;
  /** Whether the run makes this object, too. */
  readonly isComing: (kind: string, name: string) => boolean;
  readonly signal: AbortSignal;
  /** Why it is not ready, told when it changes, and not more often than people can read. */
  readonly onWaiting: (waiting: WaitingFor) => void;
  /** Hides secrets in log lines. */
  readonly mask: (text: string) => string;
}

/** What is looked at again at the latest after this time, as patience runs out without any change. */
const lookAgainMs = 1000;
const betweenLooksMs = 200;

/**
 * Waits until every object is ready and stays so for a moment. Throws NOT_READY as soon as one will not
 * become ready by itself, WAIT_TIMEOUT when the time is over; both tell the cause and the log's end.
 */
export async function waitUntilReady(options: WaitOptions): Promise<void> {
  const { objects, watches, since } = options;
  const targets = options.targets.filter(hasReadiness);
  if (targets.length === 0) return;
  const view = await watches.open(queriesFor(targets));
  try {
    await kickRefused(objects, targets, takeSnapshot(view.list, targets, since), since);
    await follow({ ...options, targets }, view);
  } finally {
    view.close();
  }
}

async function follow(options: WaitOptions, view: WatchedView): Promise<void> {
  const { targets, timeoutMs, since, now, signal } = options;
  const deadline = performance.now() + timeoutMs;
  const restarts = createRestartMemory(since);
  const doom = createDoomWatch(options.failFast);
  const logs = createLogMemory(options);
  const teller = createTeller(options, doom, logs);
  let readySince: number | undefined;
  for (;;) {
    const snapshot = takeSnapshot(view.list, targets, since);
    const around = { snapshot, restarts, now: now(), isComing: options.isComing };
    const troubles = targets.flatMap((target) => findTrouble(target, around) ?? []);
    const clock = performance.now();
    doom.see(troubles, clock);
    if (troubles.length > 0) readySince = undefined;
    else if (hasSettled(targets, around, clock - (readySince ??= clock))) return;
    await endEarly(troubles, { clock, deadline, doom, logs }, options);
    if (troubles.length > 0) await teller.tell(troubles, clock);
    await sleep(betweenLooksMs, undefined, { signal });
    await view.changed(lookAgainMs - betweenLooksMs, signal);
  }
}

function hasSettled(
  targets: readonly ObjectRef[],
  { snapshot, now }: Surroundings,
  readyForMs: number,
): boolean {
  const pods = targets.flatMap((ref) => podsIn(snapshot, ref));
  return isSettled(pods, { readyForMs, expectsPods: targets.some((ref) => wantsPods(snapshot, ref)), now });
}

function wantsPods(snapshot: Snapshot, ref: ObjectRef): boolean {
  const spec = snapshot.find(ref)?.spec as { readonly replicas?: number } | undefined;
  return runsPods(ref) && spec?.replicas !== 0;
}

function podsIn(snapshot: Snapshot, ref: ObjectRef): Pod[] {
  const object = snapshot.find(ref);
  return object ? podsOf(object, snapshot.running(ref.namespace)) : [];
}

interface Limits {
  readonly clock: number;
  readonly deadline: number;
  readonly doom: DoomWatch;
  readonly logs: LogMemory;
}

async function endEarly(
  troubles: readonly Trouble[],
  { clock, deadline, doom, logs }: Limits,
  { service, timeoutMs }: WaitOptions,
): Promise<void> {
  const hopeless = doom.hopeless(troubles, clock);
  const fail = async (
    code: "NOT_READY" | "WAIT_TIMEOUT",
    what: string,
    trouble: Trouble,
  ): Promise<PaiError> => describeFailure(code, what, trouble, await logs.read(trouble));
  if (hopeless) throw await fail("NOT_READY", `${service} did not become ready`, hopeless);
  const worst = worstOf(troubles);
  if (worst && clock > deadline)
    throw await fail("WAIT_TIMEOUT", `${service} was not ready after ${describeTime(timeoutMs)}`, worst);
}

const eventsOfLastMs = 10 * 60_000;

/** Why the objects are not ready now, a line each; nothing when all are. */
export async function describeTroubles({
  objects,
  now,
  targets,
}: Pick<WaitOptions, "objects" | "now"> & { readonly targets: readonly ObjectRef[] }): Promise<string[]> {
  const list = await listOnce(objects, queriesFor(targets));
  const snapshot = takeSnapshot(list, targets, new Date(now().getTime() - eventsOfLastMs));
  const restarts = createRestartMemory(new Date(0));
  const around = { snapshot, restarts, now: now(), isComing: () => false };
  return targets.filter(hasReadiness).flatMap((ref) => {
    const trouble = findTrouble(ref, around);
    return trouble ? [describeTrouble(trouble)] : [];
  });
}
