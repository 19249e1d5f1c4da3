import { PaiError } from "@pai/core";
import { setTimeout as sleep } from "node:timers/promises";
import { describeTime } from "./describe-time.ts";
import { findAll } from "./find-all.ts";
import { describeObject, refOf, type KubernetesObject, type ObjectRef, type Objects } from "./objects.ts";
import { isOwnedBy } from "./pods-of.ts";
import { runsPods } from "./readiness/readiness.ts";

export interface GoneOptions {
  readonly objects: Objects;
  /** For messages. */
  readonly service: string;
  /** Workloads as they were before they were deleted. */
  readonly workloads: readonly KubernetesObject[];
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  readonly signal: AbortSignal;
  readonly onWaiting: (reason: string) => void;
}

/** Pods of the workloads, also through replica sets; by uid, as names come back. */
export interface Ownership {
  readonly uids: ReadonlySet<string>;
}

/** To be asked before the workloads are deleted: afterwards nothing tells whose the pods were. */
export async function findOwnership(
  objects: Objects,
  workloads: readonly KubernetesObject[],
): Promise<Ownership> {
  const uids = new Set(workloads.flatMap(({ metadata }) => metadata.uid ?? []));
  for (const namespace of namespacesOf(workloads)) {
    for (const [apiVersion, kind] of [
      ["apps/v1", "ReplicaSet"],
      ["batch/v1", "Job"],
    ] as const) {
      const owned = await objects.list({ apiVersion, kind, namespace });
      for (const each of owned)
        if ([...uids].some((uid) => isOwnedBy(each, uid))) uids.add(each.metadata.uid ?? "");
    }
  }
  return { uids };
}

/**
 * Waits until the workloads that are being deleted, and the pods of all deleted ones, are gone. Returns
 * the workloads that nobody has deleted. Throws WAIT_TIMEOUT.
 */
export async function waitUntilGone(
  options: GoneOptions & { readonly ownership: Ownership },
): Promise<KubernetesObject[]> {
  const { objects, service, workloads, ownership, timeoutMs, intervalMs = 1000, signal, onWaiting } = options;
  const deadline = performance.now() + timeoutMs;
  const refs: readonly ObjectRef[] = workloads.map(refOf);
  let told = "";
  for (;;) {
    const live = (await findAll(objects, refs)).flatMap(({ object }) => object ?? []);
    const kept = live.filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined && ownership.uids.has(metadata.uid ?? ""),
    );
    const ending = live.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    const keptUids = await findOwnership(objects, kept);
    const pods = await podsOwnedBy(
      objects,
      workloads,
      (uid) => ownership.uids.has(uid) && !keptUids.uids.has(uid),
    );
    const left = [...ending, ...pods].map((each) => describeObject(refOf(each)));
    if (left.length === 0) return kept;
    if (performance.now() > deadline) {
      throw new PaiError("WAIT_TIMEOUT", `${service} has not ended after ${describeTime(timeoutMs)}`, {
        details: left.map((name) => `left     ${name}`),
      });
    }
    const reason = `${left.length === 1 ? left[0] : `${left.length} objects`} still ending`;
    if (reason !== told) onWaiting(reason);
    told = reason;
    await sleep(intervalMs, undefined, { signal });
  }
}

async function podsOwnedBy(
  objects: Objects,
  workloads: readonly KubernetesObject[],
  isOwner: (uid: string) => boolean,
): Promise<KubernetesObject[]> {
  const lists = await Promise.all(
    namespacesOf(workloads).map((namespace) => objects.list({ apiVersion: "v1", kind: "Pod", namespace })),
  );
  return lists
    .flat()
    .filter(({ metadata }) => (metadata.ownerReferences ?? []).some(({ uid }) => isOwner(uid)));
}

function namespacesOf(workloads: readonly KubernetesObject[]): string[] {
  return [...new Set(workloads.filter(runsPods).map(({ metadata }) => metadata.namespace ?? "default"))];
}
