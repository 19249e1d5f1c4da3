// Why the API server did not take an object, in the words of the one who wrote its manifest.
import { PaiError, type Location } from "@pai/core";
import type { Status } from "../api-error.ts";
import { describeObject, type ApplyAnswer, type KubernetesObject } from "../objects.ts";
import { marks } from "./marks.ts";

export type Refusal = Extract<ApplyAnswer, { readonly state: "refused" }>;

/** A field that somebody else has set to another value. */
export interface Conflict {
  /** `.spec.replicas` */
  readonly field: string;
  readonly manager: string;
  readonly subresource?: string;
}

const conflictText = /conflict with "(?<manager>[^"]*)"(?: with subresource "(?<subresource>[^"]*)")?/;

/** Empty for every other refusal. */
export function conflictsIn({ details }: Status): Conflict[] {
  return (details?.causes ?? [])
    .filter(({ reason }) => reason === "FieldManagerConflict")
    .map(({ field = "", message = "" }) => {
      const { manager = "somebody else", subresource } = conflictText.exec(message)?.groups ?? {};
      return { field, manager, ...(subresource === undefined ? {} : { subresource }) };
    });
}

/** Whether the object is another service's. */
export function isOwnedElsewhere(conflicts: readonly Conflict[]): boolean {
  return conflicts.some(({ field }) => field.includes(marks.partOf));
}

export function refusalError(
  { kind, metadata }: KubernetesObject,
  { status, error, code }: Refusal,
  location: Location,
): PaiError {
  const name = describeObject({ kind, ...metadata });
  const conflicts = conflictsIn(status);
  if (isOwnedElsewhere(conflicts)) return ownedElsewhere(name, conflicts, location);
  if (conflicts.length > 0) return conflictError(name, conflicts, location);
  if (code === 404 && status.details?.kind === "namespaces") {
    return new PaiError("APPLY_REJECTED", `${name}: there is no namespace ${metadata.namespace ?? ""}`, {
      location,
      hint: "put a Namespace object into one of the service's manifests, or make it by hand",
    });
  }
  const details = (status.details?.causes ?? [])
    .filter(({ field }) => field !== undefined && field !== "<nil>")
    // Some messages repeat the whole object before they come to the point.
    .map(
      ({ field = "", message = "" }) =>
        `${field}: ${message.slice(message.lastIndexOf("}: ") + 1).replace(/^: /, "")}`,
    );
  return details.length === 0
    ? new PaiError("APPLY_REJECTED", error.message, { location })
    : new PaiError("APPLY_REJECTED", `${name} is refused by the API server`, { location, details });
}

function ownedElsewhere(name: string, conflicts: readonly Conflict[], location: Location): PaiError {
  const owner = conflicts.find(({ field }) => field.includes(marks.partOf))?.manager ?? "";
  const service = /^pai-service-(?<service>.+)$/.exec(owner)?.groups?.["service"];
  const whose = service === undefined ? `a set of ${owner}` : `the service ${service}`;
  return new PaiError("APPLY_REJECTED", `${name} belongs to ${whose}`, {
    location,
    hint: "give it another name, or take it out of one of the two",
  });
}

function conflictError(name: string, conflicts: readonly Conflict[], location: Location): PaiError {
  const isKubectl = conflicts.every(({ manager }) => manager.startsWith("kubectl"));
  return new PaiError("APPLY_REJECTED", `${name}: others have set fields that the manifest sets, too`, {
    location,
    details: conflicts.map(
      ({ field, manager, subresource }) =>
        `${field}   is set by ${manager}${subresource === undefined ? "" : ` (${subresource})`}`,
    ),
    hint: isKubectl
      ? "paictl service start --take-over sets them, and they are the service's from then on"
      : "take them out of the manifest, or set them for good: paictl service start --take-over",
  });
}
