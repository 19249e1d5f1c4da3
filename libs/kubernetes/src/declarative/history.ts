// Revisions of a service, in the cluster beside it: the objects as they were applied, one immutable Secret
// (several for a big one) per revision, as Secrets are among the objects.
import { PaiError } from "@pai/core";
import { gunzipSync, gzipSync } from "node:zlib";
import type { KubernetesObject, Objects } from "../objects.ts";
import type { ApplySet } from "./apply-set.ts";

export interface RevisionInfo {
  readonly number: number;
  /** `ready` once everything of it was; `applied` for one that never came so far. */
  readonly state: "applied" | "ready";
  readonly time: string;
  /** Version of pai. */
  readonly tool: string;
  /** Of everything that went in. */
  readonly hash: string;
  readonly images: readonly string[];
  readonly objectCount: number;
  /** The revision whose objects it has, where it is a way back. */
  readonly of?: number;
}

export interface Revision extends RevisionInfo {
  readonly objects: readonly KubernetesObject[];
}

const secretType = { apiVersion: "v1", kind: "Secret" } as const;
const manager = "pai-history";
/** A manager of its own: the rest of an immutable Secret must not be sent again. */
const stateManager = "pai-history-state";
const namespace = "default";
const labels = { set: "pai.dev/revision-of", number: "pai.dev/revision", part: "pai.dev/part" };
const infoKey = "pai.dev/revision-info";
const stateKey = "pai.dev/state";
/** A Secret holds 1 MiB. */
const partBytes = 900_000;

/** The oldest first. */
export async function listRevisions(objects: Objects, set: ApplySet): Promise<RevisionInfo[]> {
  return (await listRevisionsOf(objects, [set])).get(set.id) ?? [];
}

/** The same of several services by one list, by the ids of their sets; there may be others among them. */
export async function listRevisionsOf(
  objects: Pick<Objects, "listMetadata">,
  sets: readonly ApplySet[],
): Promise<ReadonlyMap<string, RevisionInfo[]>> {
  const [set, another] = sets;
  const ofOne = set && !another ? `${labels.set}=${set.id},` : "";
  const labelSelector = `${ofOne}${labels.part}=0`;
  const found = await objects.listMetadata({ ...secretType, namespace, labelSelector });
  const bySet = Map.groupBy(found, ({ metadata }) => metadata.labels?.[labels.set] ?? "");
  return new Map([...bySet].map(([id, secrets]) => [id, revisionsIn(secrets)]));
}

function revisionsIn(secrets: readonly KubernetesObject[]): RevisionInfo[] {
  return secrets
    .map(({ metadata }): RevisionInfo => {
      const info = JSON.parse(metadata.annotations?.[infoKey] ?? "{}") as Omit<RevisionInfo, "state">;
      const isReady = metadata.annotations?.[stateKey] === "ready";
      return { ...info, state: isReady ? "ready" : "applied" };
    })
    .toSorted((a, b) => a.number - b.number);
}

/** Throws APPLY_REJECTED when a part of it is gone. */
export async function readRevision(objects: Objects, set: ApplySet, info: RevisionInfo): Promise<Revision> {
  const labelSelector = `${labels.set}=${set.id},${labels.number}=${info.number}`;
  const found = await objects.list({ ...secretType, namespace, labelSelector });
  const parts = found.toSorted((a, b) => partOf(a) - partOf(b)).map(({ data }) => data?.["objects"] ?? "");
  try {
    const packed = Buffer.concat(parts.map((part) => Buffer.from(part, "base64")));
    return { ...info, objects: JSON.parse(gunzipSync(packed).toString()) as KubernetesObject[] };
  } catch (cause) {
    throw new PaiError("APPLY_REJECTED", `revision ${info.number} of ${set.service} is damaged`, {
      cause,
      hint: `paictl service history -n ${set.service} shows the others`,
    });
  }
}

export async function writeRevision(
  objects: Objects,
  set: ApplySet,
  revision: Omit<Revision, "state">,
): Promise<void> {
  const { objects: applied, ...info } = revision;
  const { apiVersion, kind } = secretType;
  const packed = gzipSync(JSON.stringify(applied));
  const count = Math.max(1, Math.ceil(packed.length / partBytes));
  // The first part last: without it there is no revision.
  for (let part = count - 1; part >= 0; part--) {
    const content = packed.subarray(part * partBytes, (part + 1) * partBytes);
    await objects.apply(
      {
        apiVersion,
        kind,
        metadata: {
          name: nameOf(set, info.number, part),
          namespace,
          labels: {
            "app.kubernetes.io/managed-by": "pai",
            [labels.set]: set.id,
            [labels.number]: String(info.number),
            [labels.part]: String(part),
          },
          ...(part === 0 ? { annotations: { [infoKey]: JSON.stringify(info) } } : {}),
        },
        data: { objects: content.toString("base64") },
        type: "pai.dev/revision",
        immutable: true,
      },
      { manager, force: true },
    );
  }
}

export async function markReady(objects: Objects, set: ApplySet, number: number): Promise<void> {
  const { apiVersion, kind } = secretType;
  const metadata = { name: nameOf(set, number, 0), namespace, annotations: { [stateKey]: "ready" } };
  await objects.apply({ apiVersion, kind, metadata }, { manager: stateManager, force: true });
}

/** Of all revisions of all services: what any of them could be brought back to. */
export async function listRevisionImages(objects: Objects): Promise<string[]> {
  const found = await objects.listMetadata({ ...secretType, namespace, labelSelector: `${labels.part}=0` });
  return found.flatMap(({ metadata }) => {
    const info = JSON.parse(metadata.annotations?.[infoKey] ?? "{}") as Partial<RevisionInfo>;
    return info.images ?? [];
  });
}

/** Deletes those that are older than the last `keep` that were ready; what failed does not count. */
export async function dropRevisions(objects: Objects, set: ApplySet, keep: number): Promise<void> {
  const ready = (await listRevisions(objects, set)).filter(({ state }) => state === "ready");
  const oldest = keep === 0 ? Number.POSITIVE_INFINITY : (ready.at(-keep)?.number ?? 0);
  const labelSelector = `${labels.set}=${set.id}`;
  const found = await objects.listMetadata({ ...secretType, namespace, labelSelector });
  for (const { apiVersion, kind, metadata } of found.filter((each) => numberOf(each) < oldest))
    await objects.remove({ apiVersion, kind, namespace, name: metadata.name, uid: metadata.uid ?? "" });
}

function numberOf({ metadata }: KubernetesObject): number {
  return Number(metadata.labels?.[labels.number]);
}

function partOf({ metadata }: KubernetesObject): number {
  return Number(metadata.labels?.[labels.part]);
}

function nameOf({ service }: ApplySet, number: number, part: number): string {
  return `pai-history-${service}-${number}${part === 0 ? "" : `-${part}`}`;
}
