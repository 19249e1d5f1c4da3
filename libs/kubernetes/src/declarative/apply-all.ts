// Server-side apply of a service's objects, in stages, each object by itself; what fails does not keep
// the others of its stage from being applied, but every later stage.
import { joinErrors, PaiError, type Location } from "@pai/core";
import { setTimeout as sleep } from "node:timers/promises";
import {
  describeObject,
  type ApplyAnswer,
  type KubernetesObject,
  type ObjectRef,
  type Objects,
} from "../objects.ts";
import { readinessOf } from "../readiness/readiness.ts";
import type { ApplySet } from "./apply-set.ts";
import { eachAtOnce } from "./at-once.ts";
import { canRecreate, isSpent, recreate } from "./recreate.ts";
import { conflictsIn, isOwnedElsewhere, refusalError } from "./refusal.ts";
import { stagesOf } from "./stages.ts";

/** An object with the place of its manifest. */
export interface WantedObject extends KubernetesObject {
  readonly location: Location;
}

export interface ApplyAllOptions {
  readonly objects: Objects;
  readonly set: ApplySet;
  readonly wanted: readonly WantedObject[];
  /** Sets fields that others have set, except those of other services. */
  readonly takeOver: boolean;
  readonly signal: AbortSignal;
  /** What the server says of an object that it has accepted. */
  readonly onWarning?: (text: string, location: Location) => void;
}

const definitionTimeoutMs = 30_000;
// A kind is served some ten milliseconds after its definition says so.
const servedTimeoutMs = 5000;

const maxErrors = 10;

/** The objects as they are in the cluster now. Throws APPLY_REJECTED for each that was refused. */
export async function applyAll(options: ApplyAllOptions): Promise<KubernetesObject[]> {
  const applied: KubernetesObject[] = [];
  for (const stage of stagesOf(options.wanted)) {
    options.signal.throwIfAborted();
    const { results, errors } = await eachAtOnce(stage, (each) => applyOne(each, options));
    options.signal.throwIfAborted();
    if (errors.length > 0) throw joinErrors(firstOf(errors));
    await waitForDefinitions(results, options);
    applied.push(...results);
  }
  return applied;
}

/** The same mistake in a thousand objects is told a few times. */
function firstOf(errors: readonly Error[]): readonly Error[] {
  if (errors.length <= maxErrors) return errors;
  const more = new PaiError("APPLY_REJECTED", `${errors.length - maxErrors} more objects were refused`);
  return [...errors.slice(0, maxErrors), more];
}

async function applyOne(wanted: WantedObject, options: ApplyAllOptions): Promise<KubernetesObject> {
  const { objects, set, signal, onWarning } = options;
  const { location, ...object } = wanted;
  if (!objects.resolve({ ...object, ...object.metadata })) throw unknownKind(wanted);
  const answer = await tryApply(object, location, options);
  const anew = { objects, object, location, manager: set.manager, signal };
  if (answer.state === "refused") {
    if (answer.code === 422 && (await canRecreate(objects, object, set.manager))) return recreate(anew);
    throw refusalError(object, answer, location);
  }
  for (const text of answer.warnings)
    onWarning?.(`${describeObject({ kind: object.kind, ...object.metadata })}: ${text}`, location);
  return isSpent(answer.object) ? recreate(anew) : answer.object;
}

async function tryApply(
  object: KubernetesObject,
  location: Location,
  options: ApplyAllOptions,
): Promise<ApplyAnswer> {
  const { objects, set, takeOver, signal } = options;
  const send = (force: boolean): Promise<ApplyAnswer> =>
    objects.tryApply(object, { manager: set.manager, force }).catch((error: unknown) => {
      throw placed(error, location);
    });
  const deadline = performance.now() + servedTimeoutMs;
  let answer = await send(false);
  while (isNotServedYet(answer, object, options) && performance.now() < deadline) {
    await sleep(50, undefined, { signal });
    answer = await send(false);
  }
  if (answer.state === "applied" || !takeOver) return answer;
  const conflicts = conflictsIn(answer.status);
  return conflicts.length > 0 && !isOwnedElsewhere(conflicts) ? send(true) : answer;
}

/** Fields that no such object has are an error of the server's own, without a word of where they stand. */
function placed(error: unknown, location: Location): unknown {
  if (!(error instanceof PaiError) || error.code !== "APPLY_REJECTED") return error;
  const { code, message, details, cause } = error;
  return new PaiError(code, message, { details, cause, location });
}

function isNotServedYet(
  answer: ApplyAnswer,
  { apiVersion }: KubernetesObject,
  { wanted }: ApplyAllOptions,
): boolean {
  return (
    answer.state === "refused" &&
    answer.code === 404 &&
    definedGroups(wanted).has(apiVersion.split("/")[0] ?? "")
  );
}

/** API groups of the definitions among the objects. */
export function definedGroups(wanted: readonly KubernetesObject[]): ReadonlySet<string> {
  const groups = wanted
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .map(({ spec }) => (spec as { readonly group?: string } | undefined)?.group ?? "");
  return new Set(groups);
}

async function waitForDefinitions(
  applied: readonly KubernetesObject[],
  { objects, signal }: ApplyAllOptions,
): Promise<void> {
  const definitions = applied.filter(({ kind }) => kind === "CustomResourceDefinition");
  if (definitions.length === 0) return;
  const deadline = performance.now() + definitionTimeoutMs;
  for (const { apiVersion, kind, metadata } of definitions) {
    const ref = { apiVersion, kind, name: metadata.name };
    for (;;) {
      const live = await objects.find(ref);
      if (live && readinessOf(live).state === "ready") break;
      if (performance.now() > deadline)
        throw new PaiError("APPLY_REJECTED", `${describeObject(ref)} is not established after 30 s`);
      await sleep(100, undefined, { signal });
    }
  }
  // What the server says of its kinds follows some ten milliseconds later.
  const kinds = definitions.flatMap(servedKinds);
  const served = performance.now() + servedTimeoutMs;
  for (;;) {
    await objects.discover();
    if (kinds.every((kind) => objects.resolve(kind)) || performance.now() > served) return;
    await sleep(50, undefined, { signal });
  }
}

function servedKinds({ spec }: KubernetesObject): ObjectRef[] {
  const { group, names, versions } = spec as {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
  return versions
    .filter(({ served }) => served)
    .map(({ name }) => ({ apiVersion: `${group}/${name}`, kind: names.kind, name: "any" }));
}

function unknownKind({ apiVersion, kind, metadata, location }: WantedObject): PaiError {
  const name = describeObject({ kind, ...metadata });
  return new PaiError("APPLY_REJECTED", `${name}: the cluster has no kind ${kind} of ${apiVersion}`, {
    location,
    hint: "its version may have been removed from Kubernetes, or its CustomResourceDefinition is missing; paictl check tells the first",
  });
}
