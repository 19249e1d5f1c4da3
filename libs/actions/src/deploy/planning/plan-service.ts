import {
  applySetOf,
  findAll,
  findLeftovers,
  isAsRecorded,
  joinScopes,
  listMembers,
  listRevisions,
  marks,
  planObjects,
  readinessOf,
  readRecord,
  readScope,
  recordObject,
  scopeOf,
  withConfigurationHash,
  refOf,
  type PlannedObject,
  type ServiceRecord,
  type WantedObject,
} from "@pai/kubernetes";
import { PaiError } from "@pai/core";
import { createHash } from "node:crypto";
import { findMembersAsRecorded } from "../declarative/start-declarative.ts";
import { imagesOf } from "../declarative/images-of.ts";
import { wantedObjects, type WantedOptions } from "../declarative/wanted-objects.ts";
import type { PlannedService } from "../plan.ts";
import type { DeployRun } from "../run.ts";
import { inputHash } from "../start-service.ts";
import { toolVersion } from "../version.ts";
import type { ServicePlan } from "./types.ts";
import { viewObject } from "./view.ts";

/** What a start of the service would do. Changes nothing. */
export async function planServiceStart(run: DeployRun, planned: PlannedService): Promise<ServicePlan> {
  const { connection, plan } = run;
  const set = applySetOf(planned.name, toolVersion);
  const record = await readRecord(connection.objects, planned.name);
  const hash = inputHash(run, planned);
  const isDeclarative = planned.service.deploy?.declarative !== undefined;
  const wanted = isDeclarative
    ? wantedObjects({ planned, cluster: plan.cluster, connection, set })
    : manifestsOfScript({ planned, cluster: plan.cluster, connection, set });
  const base = {
    service: planned.name,
    mode: isDeclarative ? ("declarative" as const) : ("script" as const),
    images: imagesOf(wanted),
  };
  const isSame = record?.state === "started" && record.hash === hash;
  if (isSame && (await isIntact(run, record, isDeclarative))) {
    return { ...base, outcome: "unchanged", objects: [], fingerprint: fingerprintOf(hash, []) };
  }
  const objects = isDeclarative ? await planDeclarative(run, wanted, set) : await planManifests(run, wanted);
  return {
    ...base,
    outcome: isDeclarative ? "change" : "script",
    ...(isDeclarative ? { revision: await nextRevision(run, set, record) } : {}),
    objects: objects.map((each) => viewObject(each, run.mask)),
    fingerprint: fingerprintOf(hash, objects),
  };
}

async function planDeclarative(
  { connection }: DeployRun,
  wanted: readonly WantedObject[],
  set: ReturnType<typeof applySetOf>,
): Promise<PlannedObject[]> {
  const { objects } = connection;
  const planned = await planObjects({
    objects,
    manager: set.manager,
    wanted,
    takeOver: false,
    prepare: (object, live) => withConfigurationHash(object, wanted, live),
  });
  const scope = joinScopes(await readScope(objects, set), scopeOf(wanted.map(refOf)));
  const members = await listMembers(objects, set, scope);
  const { prunable, kept } = findLeftovers(
    members.objects,
    planned.flatMap(({ live }) => live ?? []),
  );
  const leftover =
    (change: "prune" | "keep") =>
    (live: (typeof prunable)[number]): PlannedObject => ({
      ref: refOf(live),
      change,
      fields: [],
      live,
    });
  return [...planned, ...prunable.map(leftover("prune")), ...kept.map(leftover("keep"))];
}

/** None when they are not what can be applied as it is: a script may change them first. */
function manifestsOfScript(options: WantedOptions): WantedObject[] {
  try {
    return wantedObjects(options);
  } catch (error) {
    if (error instanceof PaiError) return [];
    throw error;
  }
}

/** What the manifests of a script tell; the label and the hash of a declarative service are not among it. */
async function planManifests(
  { connection }: DeployRun,
  wanted: readonly WantedObject[],
): Promise<PlannedObject[]> {
  return planObjects({
    objects: connection.objects,
    manager: "pai-plan",
    wanted: wanted.map(withoutLabel),
    takeOver: true,
    prepare: (object) => object,
  });
}

function withoutLabel(object: WantedObject): WantedObject {
  const { labels: _, ...metadata } = object.metadata;
  const { [marks.partOf]: _part, ...labels } = object.metadata.labels ?? {};
  return { ...object, metadata: Object.keys(labels).length > 0 ? { ...metadata, labels } : metadata };
}

async function isIntact(run: DeployRun, record: ServiceRecord, isDeclarative: boolean): Promise<boolean> {
  if (isDeclarative) {
    const set = applySetOf(record.service, toolVersion);
    return (await findMembersAsRecorded(run, set, record)) !== undefined;
  }
  const found = await findAll(run.connection.objects, record.objects);
  return found.every(
    ({ ref, object }) => object && isAsRecorded(ref, object) && readinessOf(object).state !== "failed",
  );
}

async function nextRevision(
  { connection }: DeployRun,
  set: ReturnType<typeof applySetOf>,
  record: ServiceRecord | undefined,
): Promise<{ readonly from?: number; readonly to: number }> {
  const last = (await listRevisions(connection.objects, set)).at(-1)?.number ?? 0;
  return { ...(record?.revision === undefined ? {} : { from: record.revision }), to: last + 1 };
}

function fingerprintOf(hash: string, objects: readonly PlannedObject[]): string {
  // An object that waits for another service's namespace or kind is refused before, and created after that.
  const states = objects.map(({ ref, change, fields, live }) =>
    live ? [ref, change, fields, live.metadata.uid, recordObject(live).version] : [ref],
  );
  return createHash("sha256")
    .update(JSON.stringify([hash, states]))
    .digest("hex");
}
