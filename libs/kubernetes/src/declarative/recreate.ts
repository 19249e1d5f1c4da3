// Some fields cannot be changed in place. An object that says so is then deleted and made anew.
import { PaiError, type Location } from "@pai/core";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describeObject, type KubernetesObject, type Objects } from "../objects.ts";
import { readinessOf } from "../readiness/readiness.ts";
import { marks } from "./marks.ts";
import { refusalError } from "./refusal.ts";
import { isProtected } from "./stages.ts";

const goneTimeoutMs = 60_000;

/**
 * Whether the refusal is only because the object exists: one with another name would be taken. The server
 * has no reason code for fields that cannot be changed.
 */
export async function canRecreate(
  objects: Objects,
  object: KubernetesObject,
  manager: string,
): Promise<boolean> {
  if (isProtected(object)) return false;
  const metadata = { ...object.metadata, name: `pai-${randomUUID()}` };
  const answer = await objects.tryApply({ ...object, metadata }, { manager, force: false, dryRun: true });
  return answer.state === "applied";
}

export function asksForRecreation({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.[marks.recreate] === "true";
}

/** A Job that has failed runs no more pods, whatever is applied. */
export function isSpent(live: KubernetesObject): boolean {
  return live.kind === "Job" && asksForRecreation(live) && readinessOf(live).state === "failed";
}

export interface Recreation {
  readonly objects: Objects;
  readonly object: KubernetesObject;
  readonly location: Location;
  readonly manager: string;
  readonly signal: AbortSignal;
}

/** Throws APPLY_REJECTED for an object that does not ask for it. */
export async function recreate(recreation: Recreation): Promise<KubernetesObject> {
  const { objects, object, location, manager, signal } = recreation;
  const ref = { apiVersion: object.apiVersion, kind: object.kind, ...object.metadata };
  const name = describeObject(ref);
  if (!asksForRecreation(object)) {
    throw new PaiError("APPLY_REJECTED", `${name}: what changed cannot be changed while it exists`, {
      location,
      hint: `the annotation ${marks.recreate}: "true" lets pai delete it and make it anew`,
    });
  }
  const uid = (await objects.find(ref))?.metadata.uid;
  if (uid !== undefined) await objects.remove({ ...ref, uid });
  const deadline = performance.now() + goneTimeoutMs;
  while ((await objects.find(ref))?.metadata.uid === uid && uid !== undefined) {
    if (performance.now() > deadline)
      throw new PaiError("APPLY_REJECTED", `${name} is still being deleted after 60 s`, { location });
    await sleep(200, undefined, { signal });
  }
  const answer = await objects.tryApply(object, { manager, force: false });
  if (answer.state === "applied") return answer.object;
  throw refusalError(object, answer, location);
}
