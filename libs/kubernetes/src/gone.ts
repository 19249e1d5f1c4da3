import { PaiError } from "@pai/core";
import { setTimeout as sleep } from "node:timers/promises";
import { describeTime } from "./describe-time.ts";
import { describeObject, refOf, type KubernetesObject, type Objects } from "./objects.ts";
import { isOwnedBy } from "./pods-of.ts";
import { runsPods } from "./readiness/readiness.ts";
import { collectionOf, listOnce, type ListObjects } from "./wait/snapshot.ts";
import type { Watches, WatchQuery } from "./watch/watch-pool.ts";

export interface GoneOptions {
  readonly objects: Objects;
  readonly watches: Watches;
  /** For messages. */
  readonly service: string;
  /** Workloads as they were before they were deleted. */
  readonly workloads: readonly KubernetesObject[];
  /** As it was before they were deleted. */
  readonly ownership: Ownership;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onWaiting: (reason: string) => void;
}

/** Pods of the workloads, also through replica sets; by uid, as names come back. */
export interface Ownership {
  readonly uids: ReadonlySet<string>;
}

const pods = { apiVersion: "v1", kind: "Pod" };
/** What stands between workloads and their pods. */
const owners = [
  { apiVersion: "apps/v1", kind: "ReplicaSet" },
  { apiVersion: "batch/v1", kind: "Job" },
];
const betweenLooksMs = 200;
/** What is looked at again at the latest after this time, as the deadline comes without any change. */
const lookAgainMs = 1000;

/** To be asked before the workloads are deleted: afterwards nothing tells whose the pods were. */
export async function findOwnership(
  objects: Objects,
  workloads: readonly KubernetesObject[],
): Promise<Ownership> {
  return ownershipIn(await listOnce(objects, queriesAround(workloads, owners)), workloads);
}

/**
 * Waits until the workloads that are being deleted, and the pods of all deleted ones, are gone. Returns
 * the workloads that nobody has deleted. Throws WAIT_TIMEOUT.
 */
export async function waitUntilGone(options: GoneOptions): Promise<KubernetesObject[]> {
  const { objects, watches, service, workloads, timeoutMs, signal, onWaiting } = options;
  const deadline = performance.now() + timeoutMs;
  const queries = [...workloads.map(queryOf), ...queriesAround(workloads, [pods, ...owners])];
  const view = await watches.open(queries);
  let told = "";
  try {
    for (;;) {
      let { kept, left } = lookAt(view.list, options);
      // The watch may be a moment behind.
      if (left.length === 0) ({ kept, left } = lookAt(await listOnce(objects, queries), options));
      if (left.length === 0) return kept;
      if (performance.now() > deadline) {
        throw new PaiError("WAIT_TIMEOUT", `${service} has not ended after ${describeTime(timeoutMs)}`, {
          details: left.map((name) => `left     ${name}`),
        });
      }
      const reason = `${left.length === 1 ? left[0] : `${left.length} objects`} still ending`;
      if (reason !== told) onWaiting(reason);
      told = reason;
      await sleep(betweenLooksMs, undefined, { signal });
      await view.changed(lookAgainMs - betweenLooksMs, signal);
    }
  } finally {
    view.close();
  }
}

/** What nobody has deleted, and the names of what is ending. */
function lookAt(
  list: ListObjects,
  { workloads, ownership }: Pick<GoneOptions, "workloads" | "ownership">,
): { readonly kept: KubernetesObject[]; readonly left: readonly string[] } {
  const live = workloads.flatMap(
    (each) => list(queryOf(each)).find(({ metadata }) => metadata.name === each.metadata.name) ?? [],
  );
  const isEnding = ({ metadata }: KubernetesObject): boolean => metadata.deletionTimestamp !== undefined;
  const kept = live.filter((each) => !isEnding(each) && ownership.uids.has(each.metadata.uid ?? ""));
  const ofKept = ownershipIn(list, kept).uids;
  const isLeft = ({ metadata }: KubernetesObject): boolean =>
    (metadata.ownerReferences ?? []).some(({ uid }) => ownership.uids.has(uid) && !ofKept.has(uid));
  const leftPods = queriesAround(workloads, [pods]).flatMap((query) => list(query).filter(isLeft));
  return { kept, left: [...live.filter(isEnding), ...leftPods].map((each) => describeObject(refOf(each))) };
}

function ownershipIn(list: ListObjects, workloads: readonly KubernetesObject[]): Ownership {
  const uids = new Set(workloads.flatMap(({ metadata }) => metadata.uid ?? []));
  for (const each of queriesAround(workloads, owners).flatMap((query) => list(query)))
    if ([...uids].some((uid) => isOwnedBy(each, uid))) uids.add(each.metadata.uid ?? "");
  return { uids };
}

function queryOf(workload: KubernetesObject): WatchQuery {
  return collectionOf(refOf(workload));
}

/** Lists of the kinds in every namespace of the workloads. */
function queriesAround(
  workloads: readonly KubernetesObject[],
  kinds: readonly Pick<WatchQuery, "apiVersion" | "kind">[],
): WatchQuery[] {
  const namespaces = new Set(
    workloads.filter(runsPods).map(({ metadata }) => metadata.namespace ?? "default"),
  );
  return [...namespaces].flatMap((namespace) => kinds.map((kind) => ({ ...kind, namespace })));
}
