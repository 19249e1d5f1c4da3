// Brings the objects of one service to what is wanted: applies, deletes what is left over, waits, and then
// records. A run that is killed anywhere is repeated by the next one, which finds all members by the
// kinds and namespaces that were written down before anything was applied.
import {
  applyAll,
  dropRevisions,
  findLeftovers,
  joinScopes,
  listMembers,
  listRevisions,
  markReady,
  prune,
  readinessOf,
  readScope,
  recordObject,
  refOf,
  runsPods,
  scopeOf,
  withConfigurationHash,
  writeRecord,
  writeRevision,
  writeScope,
  describeObject,
  type ApplySet,
  type KubernetesObject,
  type RevisionInfo,
  type WantedObject,
} from "@pai/kubernetes";
import type { DeployRun } from "../run.ts";
import { changesOf, summarizeObjects } from "./changes.ts";

export interface SetDeployment {
  readonly run: DeployRun;
  readonly set: ApplySet;
  readonly wanted: readonly WantedObject[];
  /** Of everything that went in. */
  readonly hash: string;
  /** Hashes of the tree's files, where it comes from them. */
  readonly sources?: Readonly<Record<string, string>>;
  readonly images: readonly string[];
  readonly keepRevisions: number;
  /** The revision that this goes back to. */
  readonly of?: number;
  /** Sets fields that others have set. */
  readonly takeOver: boolean;
  /** Waits until the objects are ready. */
  readonly wait: (objects: readonly KubernetesObject[]) => Promise<void>;
}

export interface SetResult {
  readonly objects: readonly KubernetesObject[];
  readonly revision: number;
  /** `2 created, 1 configured, 3 unchanged, 1 deleted` */
  readonly summary: string;
}

export async function deploySet(deployment: SetDeployment): Promise<SetResult> {
  const { run, set, wanted, wait } = deployment;
  const { objects } = run.connection;
  const scope = joinScopes(await readScope(objects, set), scopeOf(wanted.map(refOf)));
  const before = (await listMembers(objects, set, scope)).objects;
  await writeScope(objects, set, scope);
  const applied = await applyAll({
    objects,
    set,
    wanted: withHashes(wanted, before),
    takeOver: deployment.takeOver,
    signal: run.signal,
    onWarning: (message, location) =>
      run.report({ type: "warning", service: set.service, message, location }),
  });
  const revision = await openRevision(deployment);
  const { objects: members, unknownKinds } = await listMembers(objects, set, scope);
  const { prunable, kept } = findLeftovers(members, applied);
  // Old workloads make room (ports, volumes); what they use stays until the new ones are ready.
  await prune(objects, prunable.filter(runsPods));
  const changes = changesOf(before, applied);
  await wait(
    applied.filter((each) => changes.get(each) !== "unchanged" || readinessOf(each).state !== "ready"),
  );
  await prune(
    objects,
    prunable.filter((each) => !runsPods(each)),
  );
  tellKept(run, set.service, kept);
  const rest = scopeOf([...applied, ...kept].map(refOf));
  await writeScope(objects, set, { ...rest, kinds: new Set([...rest.kinds, ...unknownKinds]) });
  await closeRevision(deployment, revision, applied);
  return { objects: applied, revision, summary: summarizeObjects(changes, prunable.length) };
}

function withHashes(wanted: readonly WantedObject[], live: readonly KubernetesObject[]): WantedObject[] {
  const byName = new Map(live.map((each) => [describeObject(refOf(each)), each]));
  return wanted.map(({ location, ...object }) => ({
    ...withConfigurationHash(object, wanted, byName.get(describeObject(refOf(object)))),
    location,
  }));
}

/** Before it is ready: what was tried last can be looked at, and gone back from. */
async function openRevision(deployment: SetDeployment): Promise<number> {
  const { run, set, wanted, hash, images, of } = deployment;
  const { objects } = run.connection;
  const last = (await listRevisions(objects, set)).at(-1);
  if (last && isSame(last, deployment)) return last.number;
  const number = (last?.number ?? 0) + 1;
  await writeRevision(objects, set, {
    number,
    time: new Date().toISOString(),
    tool: set.tool,
    hash,
    images,
    objectCount: wanted.length,
    ...(of === undefined ? {} : { of }),
    objects: wanted.map(withoutLocation),
  });
  return number;
}

function withoutLocation(wanted: WantedObject): KubernetesObject {
  const { location: _, ...object } = wanted;
  return object;
}

/** A repeated start is no new revision. */
function isSame(last: RevisionInfo, { hash, of }: SetDeployment): boolean {
  return last.hash === hash && last.of === of;
}

async function closeRevision(
  { run, set, hash, sources, keepRevisions }: SetDeployment,
  revision: number,
  applied: readonly KubernetesObject[],
): Promise<void> {
  const { objects } = run.connection;
  await markReady(objects, set, revision);
  await dropRevisions(objects, set, keepRevisions);
  // Controllers have written to some of them since; what has a generation counts by that.
  const { objects: live } = await listMembers(objects, set, scopeOf(applied.map(refOf)));
  const uids = new Set(applied.map(({ metadata }) => metadata.uid));
  await writeRecord(objects, {
    service: set.service,
    state: "started",
    hash,
    ...(sources === undefined ? {} : { sources }),
    revision,
    objects: live.filter(({ metadata }) => uids.has(metadata.uid)).map(recordObject),
    tool: set.tool,
    time: new Date().toISOString(),
  });
}

function tellKept({ report }: DeployRun, service: string, kept: readonly KubernetesObject[]): void {
  for (const each of kept) {
    const message = `${describeObject(refOf(each))} is no longer in the manifests; it is kept`;
    report({ type: "warning", service, message });
  }
}
