// Starts one declarative service: decides by its record whether there is anything to do, else applies.
import { PaiError } from "@pai/core";
import {
  applySetOf,
  describeObject,
  findAll,
  hasReadiness,
  isAsRecorded,
  listMembers,
  listRevisions,
  readinessOf,
  readRecord,
  refOf,
  runsPods,
  scopeOf,
  type ApplySet,
  type KubernetesObject,
  type ServiceRecord,
} from "@pai/kubernetes";
import type { PlannedService } from "../plan.ts";
import { keepEvidence, type DeployRun, type ServiceOutcome, type ServiceRun } from "../run.ts";
import { hashSources, isUnready, withChanges, type Attempt } from "../since-ready.ts";
import { inputHash, leaveUnchanged, podCount, waitFor, warnAboutIdle } from "../start-service.ts";
import { toolVersion } from "../version.ts";
import { keptRevisions } from "./declarative-service.ts";
import { deploySet, type SetDeployment } from "./deploy-set.ts";
import { imagesOf } from "./images-of.ts";
import { goBack } from "./rollback.ts";
import { wantedObjects } from "./wanted-objects.ts";

export interface DeclarativeOptions {
  /** Sets fields that others have set, and owns them from then on. */
  readonly takeOver?: boolean | undefined;
  /** Brings the last revision that was ready back when this one does not become so. */
  readonly rollbackOnFailure?: boolean | undefined;
}

export async function startDeclarative(
  run: ServiceRun,
  planned: PlannedService,
  options: DeclarativeOptions = {},
): Promise<ServiceOutcome> {
  const { connection } = run;
  const set = applySetOf(planned.name, toolVersion);
  const record = await readRecord(connection.objects, planned.name);
  const hash = inputHash(run, planned);
  if (record?.state === "started" && record.hash === hash) {
    const live = await findMembersAsRecorded(run, set, record);
    if (live) return leaveUnchanged(run, planned, live);
  }
  if (await run.hold()) return startDeclarative(run, planned, options);
  return apply(run, planned, { set, hash, record, ...options });
}

/** A service that does not run has nothing to be brought up to date. */
export async function refreshDeclarative(run: ServiceRun, planned: PlannedService): Promise<ServiceOutcome> {
  const record = await readRecord(run.connection.objects, planned.name);
  if (record?.state !== "started") return { outcome: "unchanged", detail: "not running" };
  return startDeclarative(run, planned);
}

async function apply(
  run: DeployRun,
  planned: PlannedService,
  options: DeclarativeOptions & {
    readonly set: ApplySet;
    readonly hash: string;
    readonly record: ServiceRecord | undefined;
  },
): Promise<ServiceOutcome> {
  const { connection, plan } = run;
  const { set, hash, record, takeOver = false, rollbackOnFailure = false } = options;
  const wanted = wantedObjects({ planned, cluster: plan.cluster, connection, set });
  if (wanted.length === 0) throw nothingToApply(planned);
  const since = connection.now();
  const deployment: SetDeployment = {
    run,
    set,
    wanted,
    hash,
    sources: hashSources(planned),
    images: imagesOf(wanted),
    keepRevisions: keptRevisions(planned.service),
    takeOver,
    wait: (objects) => waitFor(run, planned, objects, since),
  };
  const before = rollbackOnFailure ? await listRevisions(connection.objects, set) : [];
  try {
    const { objects, revision, summary } = await deploySet(deployment);
    const live = await findLive(run, set, objects);
    if (record?.revision === undefined) await warnAboutScripted(run, record, objects);
    warnAboutIdle(run, planned, live);
    return {
      outcome: "changed",
      detail: [podCount(live), summary, `revision ${revision}`].filter(Boolean).join(" · "),
    };
  } catch (caught) {
    const error = await explain(caught, { run, planned, set, hash, record });
    const last = before.findLast(({ state }) => state === "ready");
    if (!last || run.signal.aborted || !(error instanceof PaiError)) throw error;
    await keepEvidence(run, planned, { refs: wanted.map(refOf), since });
    throw await goBack(run, planned, { set, to: last, error });
  }
}

/** With what has changed since it was ready, as far as the cluster tells now. */
async function explain(
  error: unknown,
  { run, set, ...attempt }: Omit<Attempt, "revisions"> & { readonly run: DeployRun; readonly set: ApplySet },
): Promise<unknown> {
  if (!isUnready(error) || run.signal.aborted) return error;
  const revisions = await listRevisions(run.connection.objects, set).catch(() => []);
  return withChanges(error, { ...attempt, revisions });
}

/** The whole objects of kinds with a readiness, if all members are there as recorded and none has failed. */
export async function findMembersAsRecorded(
  { connection }: Pick<DeployRun, "connection">,
  set: ApplySet,
  record: ServiceRecord,
): Promise<KubernetesObject[] | undefined> {
  const { objects } = connection;
  const members = await listMembers(objects, set, scopeOf(record.objects), hasReadiness);
  const byUid = new Map(members.objects.map((object) => [object.metadata.uid, object]));
  const isIntact = record.objects.every((recorded) => {
    const live = byUid.get(recorded.uid);
    return isAsRecorded(recorded, live) && live && readinessOf(live).state !== "failed";
  });
  return isIntact
    ? record.objects.flatMap(({ uid }) => byUid.get(uid) ?? []).filter(hasReadiness)
    : undefined;
}

/** The workloads as they are after the wait: a list per kind, however many there are. */
async function findLive(
  { connection }: DeployRun,
  set: ApplySet,
  applied: readonly KubernetesObject[],
): Promise<readonly KubernetesObject[]> {
  const uids = new Set(applied.map(({ metadata }) => metadata.uid));
  const scope = scopeOf(applied.filter(runsPods).map(refOf));
  const { objects } = await listMembers(connection.objects, set, scope, () => true);
  return objects.filter(({ metadata }) => uids.has(metadata.uid));
}

/** What a start-script made before the service had none any more, and no manifest has, is nobody's now. */
async function warnAboutScripted(
  { connection, report }: DeployRun,
  record: ServiceRecord | undefined,
  applied: readonly KubernetesObject[],
): Promise<void> {
  const uids = new Set(applied.map(({ metadata }) => metadata.uid));
  const left = (record?.objects ?? []).filter(({ uid }) => !uids.has(uid));
  for (const { ref, object } of await findAll(connection.objects, left)) {
    if (object?.metadata.uid !== ref.uid) continue;
    const message = `${describeObject(ref)} was made by the start-script and is in no manifest; it stays as it is`;
    report({ type: "warning", service: record?.service ?? "", message });
  }
}

function nothingToApply({ name, service }: PlannedService): PaiError {
  return new PaiError("CONFIG_INVALID", `${name} has no start-script, and its files hold nothing to apply`, {
    location: { file: service.deploy?.file ?? service.folder },
    hint: "name its manifests:  apply: [a.yaml]",
  });
}
