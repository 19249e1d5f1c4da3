// What went into a service since it was ready last, for the error of a start that did not get it there again.
import { createHash } from "node:crypto";
import { PaiError } from "@pai/core";
import type { RevisionInfo, ServiceRecord } from "@pai/kubernetes";
import type { PlannedService } from "./plan.ts";

type FileHashes = Readonly<Record<string, string>>;

const mostNamed = 5;

/** By path. Of templates, not of what they become: that may hold secrets, and a hash lets one try them out. */
export function hashSources({ service, files }: Pick<PlannedService, "service" | "files">): FileHashes {
  const own = files.filter(({ template }) => template === undefined);
  return Object.fromEntries(
    own.map(({ name, link, content }) => [
      `${service.folder}/deploy/${name}`,
      createHash("sha256")
        .update(link ?? content)
        .digest("hex")
        .slice(0, 12),
    ]),
  );
}

export interface Attempt {
  readonly planned: PlannedService;
  /** Of the time when it was ready. */
  readonly record: ServiceRecord | undefined;
  /** Of everything that goes into it now. */
  readonly hash: string;
  /** Of a declarative service, the one that was tried last. */
  readonly revisions?: readonly RevisionInfo[];
}

/** The error with what has changed and the way back, where it is about a service that was ready before. */
export function withChanges(error: unknown, attempt: Attempt): unknown {
  if (!isUnready(error)) return error;
  return error.withDetails([...error.details, ...describeChanges(attempt)]);
}

export function isUnready(error: unknown): error is PaiError {
  return error instanceof PaiError && (error.code === "NOT_READY" || error.code === "WAIT_TIMEOUT");
}

export function describeChanges({ planned, record, hash, revisions = [] }: Attempt): string[] {
  if (!record || record.hash === hash) return [];
  const present = revisions.at(-1);
  const before = revisions.slice(0, -1).findLast(({ state }) => state === "ready");
  const isNew = present?.state === "applied" && before !== undefined;
  const what = record.sources === undefined ? [] : changedSources(record.sources, hashSources(planned));
  const step = isNew ? `revision ${before.number} -> ${present.number}` : "";
  const named = what.join(", ");
  const changed = named === "" ? step : `${named}${step === "" ? "" : ` (${step})`}`;
  return [
    ...(changed === "" ? [] : [`changed  since it was last ready: ${changed}`]),
    ...(isNew
      ? [`next     npx paictl service rollback -n ${planned.name}   (back to revision ${before.number})`]
      : []),
  ];
}

function changedSources(before: FileHashes, now: FileHashes): string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  const changed = paths.flatMap((file) => {
    if (before[file] === now[file]) return [];
    if (now[file] === undefined) return [`${file} (removed)`];
    return [before[file] === undefined ? `${file} (new)` : file];
  });
  if (changed.length === 0) return ["the configuration or images, no file of the service"];
  const more = changed.length - mostNamed;
  return more > 0 ? [...changed.slice(0, mostNamed), `${more} more`] : changed;
}
