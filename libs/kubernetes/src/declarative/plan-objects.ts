// Asks the API server what applying would do, object by object, and changes nothing.
import { PaiError } from "@pai/core";
import {
  describeObject,
  refOf,
  type ApplyAnswer,
  type KubernetesObject,
  type ObjectRef,
  type Objects,
} from "../objects.ts";
import { definedGroups, type WantedObject } from "./apply-all.ts";
import { eachAtOnce } from "./at-once.ts";
import { diffObjects, type FieldChange } from "./diff.ts";
import { asksForRecreation, canRecreate, isSpent } from "./recreate.ts";
import { conflictsIn, isOwnedElsewhere, refusalError } from "./refusal.ts";

export interface PlannedObject {
  readonly ref: ObjectRef;
  /** `keep`: no longer in the manifests, but it is not deleted. `refused`: a start would fail at it. */
  readonly change: "create" | "change" | "unchanged" | "recreate" | "prune" | "keep" | "refused";
  readonly fields: readonly FieldChange[];
  /** Why it is refused, or what could not be found out. */
  readonly note?: string;
  readonly live?: KubernetesObject;
}

export interface PlanObjectsOptions {
  readonly objects: Objects;
  readonly manager: string;
  readonly wanted: readonly WantedObject[];
  /** Looks at fields that others have set as if they were taken over. */
  readonly takeOver: boolean;
  /** The object as it would be sent, given what is there. */
  readonly prepare: (object: KubernetesObject, live: KubernetesObject | undefined) => KubernetesObject;
}

/** In the order of `wanted`. Throws only what keeps it from asking at all. */
export async function planObjects(options: PlanObjectsOptions): Promise<PlannedObject[]> {
  const { results, errors } = await eachAtOnce(options.wanted, (wanted) => planObject(wanted, options));
  if (errors[0]) throw errors[0];
  return results;
}

async function planObject(wanted: WantedObject, options: PlanObjectsOptions): Promise<PlannedObject> {
  const { objects } = options;
  const { location: _, ...object } = wanted;
  const ref = refOf(object);
  const group = ref.apiVersion.split("/")[0] ?? "";
  if (!objects.resolve(ref)) {
    if (definedGroups(options.wanted).has(group)) return unseen(ref, "its kind is not there yet");
    return refused(ref, `the cluster has no kind ${ref.kind} of ${ref.apiVersion}`);
  }
  const live = await objects.find(ref);
  try {
    return await compare(wanted, live, options);
  } catch (error) {
    if (error instanceof PaiError && error.code === "APPLY_REJECTED")
      return refused(ref, error.message, live);
    throw error;
  }
}

async function compare(
  wanted: WantedObject,
  live: KubernetesObject | undefined,
  { objects, manager, wanted: all, takeOver, prepare }: PlanObjectsOptions,
): Promise<PlannedObject> {
  const { location, ...plain } = wanted;
  const ref = refOf(plain);
  const object = prepare(plain, live);
  const ask = (force: boolean): Promise<ApplyAnswer> =>
    objects.tryApply(object, { manager, force, dryRun: true });
  let answer = await ask(false);
  if (answer.state === "refused" && takeOver) {
    const conflicts = conflictsIn(answer.status);
    if (conflicts.length > 0 && !isOwnedElsewhere(conflicts)) answer = await ask(true);
  }
  if (answer.state === "refused") {
    if (isNamespaceToCome(answer, all)) return unseen(ref, "its namespace is not there yet");
    if (live && answer.code === 422 && (await canRecreate(objects, object, manager))) {
      if (!asksForRecreation(object))
        return refused(ref, "what changed cannot be changed while it exists", live);
      return { ref, change: "recreate", fields: [], live };
    }
    const { message, details } = refusalError(object, answer, location);
    const reason = message.replace(`${describeObject(ref)}: `, "");
    return refused(ref, [reason, ...details].join("; "), live);
  }
  if (!live) return { ref, change: "create", fields: [] };
  if (isSpent(answer.object)) return { ref, change: "recreate", fields: [], live };
  const fields = diffObjects(live, answer.object);
  return { ref, change: fields.length === 0 ? "unchanged" : "change", fields, live };
}

function isNamespaceToCome(
  { status }: Extract<ApplyAnswer, { state: "refused" }>,
  all: readonly WantedObject[],
): boolean {
  return (
    status.details?.kind === "namespaces" &&
    all.some(({ kind, metadata }) => kind === "Namespace" && metadata.name === status.details?.name)
  );
}

function unseen(ref: ObjectRef, why: string): PlannedObject {
  return { ref, change: "create", fields: [], note: `not checked by the API server: ${why}` };
}

function refused(ref: ObjectRef, note: string, live?: KubernetesObject): PlannedObject {
  return { ref, change: "refused", fields: [], note, ...(live ? { live } : {}) };
}
