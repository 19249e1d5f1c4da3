import { PaiError } from "@pai/core";
import { setTimeout as sleep } from "node:timers/promises";
import { describeCause, findCause } from "./causes/find-cause.ts";
import type { Cause, Pod } from "./causes/types.ts";
import { describeObject, type ObjectRef, type Objects } from "./objects.ts";
import { newestReplicaSet, podsOf } from "./pods-of.ts";
import { hasReadiness, readinessOf, runsPods } from "./readiness/readiness.ts";
import { isSettled } from "./settle.ts";
import { describeTime } from "./describe-time.ts";
import { takeSnapshot, type Snapshot } from "./snapshot.ts";

export interface WaitOptions {
  readonly objects: Objects;
  /** For messages. */
  readonly service: string;
  readonly targets: readonly ObjectRef[];
  /** When the change began: what is older says nothing about it. */
  readonly since: Date;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  readonly signal: AbortSignal;
  /** Why it is not ready, told when it changes. */
  readonly onWaiting: (reason: string) => void;
  /** Hides secrets in log lines. */
  readonly mask: (text: string) => string;
}

/** Why one object is not ready. */
interface Trouble {
  readonly ref: ObjectRef;
  /** Of the kind's own counters, such as `1 of 3 pods ready`. */
  readonly reason: string;
  readonly cause?: Cause;
  readonly isFinal: boolean;
}

/**
 * Waits until every object is ready and stays so for a moment. Throws NOT_READY as soon as one will not
 * become ready by itself, WAIT_TIMEOUT when the time is over; both tell the cause and the log's end.
 */
export async function waitUntilReady(options: WaitOptions): Promise<void> {
  const { objects, service, targets, since, timeoutMs, intervalMs = 1000, signal, onWaiting } = options;
  if (!targets.some(hasReadiness)) return;
  const deadline = performance.now() + timeoutMs;
  const restarts = createRestartMemory(since);
  const firstSeen = new Map<string, number>();
  let told = "";
  let readySince: number | undefined;
  for (;;) {
    const snapshot = await takeSnapshot(objects, targets, since);
    const troubles = targets
      .filter(hasReadiness)
      .flatMap((ref) => findTrouble(ref, snapshot, restarts) ?? []);
    const now = performance.now();
    readySince = troubles.length > 0 ? undefined : (readySince ?? now);
    if (readySince !== undefined) {
      const pods = targets.flatMap((ref) => podsIn(snapshot, ref));
      const settle = { readyForMs: now - readySince, expectsPods: targets.some(runsPods), now: new Date() };
      if (isSettled(pods, settle)) return;
    }
    const hopeless = troubles.find((trouble) => isDoomed(trouble, firstSeen, now));
    if (hopeless) throw await notReady("NOT_READY", `${service} did not become ready`, hopeless, options);
    const [worst] = troubles.toSorted(
      (a, b) => Number(b.cause !== undefined) - Number(a.cause !== undefined),
    );
    if (worst && now > deadline) {
      const what = `${service} was not ready after ${describeTime(timeoutMs)}`;
      throw await notReady("WAIT_TIMEOUT", what, worst, options);
    }
    if (worst && tell(worst) !== told) {
      told = tell(worst);
      onWaiting(await withLogLine(told, worst, options));
    }
    await sleep(intervalMs, undefined, { signal });
  }
}

/** Why the objects are not ready now, a line each; nothing when all are. */
export async function describeTroubles({
  objects,
  targets,
}: Pick<WaitOptions, "objects" | "targets">): Promise<string[]> {
  const since = new Date(Date.now() - warningsOfLastMs);
  const snapshot = await takeSnapshot(objects, targets, since);
  const restarts = createRestartMemory(new Date(0));
  return targets.filter(hasReadiness).flatMap((ref) => {
    const trouble = findTrouble(ref, snapshot, restarts);
    return trouble ? [tell(trouble)] : [];
  });
}

const warningsOfLastMs = 10 * 60_000;

function findTrouble(ref: ObjectRef, snapshot: Snapshot, restarts: RestartMemory): Trouble | undefined {
  const object = snapshot.find(ref);
  if (!object) return { ref, reason: "is not in the cluster any more", isFinal: false };
  const readiness = readinessOf(object);
  const running = snapshot.running(ref.namespace);
  const pods = podsOf(object, running);
  restarts.see(pods);
  if (readiness.state === "ready") return undefined;
  const replicaSet = newestReplicaSet(object, running);
  const cause = findCause({
    object,
    pods,
    warnings: snapshot.warnings(ref.namespace),
    restartsBefore: restarts.before,
    ...(replicaSet ? { replicaSet } : {}),
  });
  return {
    ref,
    reason: readiness.reason,
    isFinal: readiness.state === "failed",
    ...(cause ? { cause } : {}),
  };
}

function podsIn(snapshot: Snapshot, ref: ObjectRef): Pod[] {
  const object = snapshot.find(ref);
  return object ? podsOf(object, snapshot.running(ref.namespace)) : [];
}

function tell({ ref, reason, cause }: Trouble): string {
  return `${describeObject(ref)}: ${cause ? describeCause(cause) : reason}`;
}

function isDoomed(trouble: Trouble, firstSeen: Map<string, number>, now: number): boolean {
  if (trouble.isFinal) return true;
  if (trouble.cause?.doomedAfterMs === undefined) return false;
  const key = tell(trouble);
  const seen = firstSeen.get(key) ?? now;
  firstSeen.set(key, seen);
  return now - seen >= trouble.cause.doomedAfterMs;
}

async function withLogLine(text: string, trouble: Trouble, options: WaitOptions): Promise<string> {
  const last = trouble.cause?.lastLineTells ? (await readLog(trouble, options)).at(-1) : undefined;
  return last === undefined ? text : `${text}, last line: "${last}"`;
}

const logLines = 10;

async function readLog({ ref, cause }: Trouble, { objects, mask }: WaitOptions): Promise<string[]> {
  if (!cause?.pod || cause.container === undefined || cause.log === undefined) return [];
  const text = await objects.log({
    namespace: ref.namespace ?? "default",
    name: cause.pod.metadata.name,
    container: cause.container,
    previous: cause.log === "previous",
    lines: logLines,
  });
  return mask(text)
    .split("\n")
    .filter((line) => line.trim() !== "");
}

async function notReady(
  code: "NOT_READY" | "WAIT_TIMEOUT",
  what: string,
  trouble: Trouble,
  options: WaitOptions,
): Promise<PaiError> {
  const { ref, reason, cause } = trouble;
  const log = await readLog(trouble, options);
  const last = log.at(-1);
  const { pod } = cause ?? {};
  const node = pod?.spec.nodeName;
  const subject = cause?.container === undefined ? "" : `container ${cause.container}: `;
  return new PaiError(code, `${what}: ${subject}${cause?.text ?? reason}`, {
    details: [
      ...(last === undefined ? [] : [`cause    "${last}"`]),
      `where    ${describeObject(ref)}${pod ? `, pod ${pod.metadata.name}` : ""}${node === undefined ? "" : ` on ${node}`}`,
      ...(log.length > 1 ? ["log      its last lines:", ...log.map((line) => `           ${line}`)] : []),
    ],
  });
}

interface RestartMemory {
  see(pods: readonly Pod[]): void;
  readonly before: (podUid: string, container: string) => number;
}

/** Restarts of pods that are older than the change, at the first look: not of its making. */
function createRestartMemory(since: Date): RestartMemory {
  const counts = new Map<string, number>();
  return {
    see: (pods) => {
      for (const { metadata, status } of pods) {
        if (Date.parse(metadata.creationTimestamp ?? "") >= since.getTime() - 1000) continue;
        const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
        for (const { name, restartCount } of statuses) {
          const key = `${metadata.uid ?? ""}/${name}`;
          if (!counts.has(key)) counts.set(key, restartCount);
        }
      }
    },
    before: (podUid, container) => counts.get(`${podUid}/${container}`) ?? 0,
  };
}
