// Starts or refreshes one service: decides by its record whether there is anything to do, runs the script,
// waits until all that belongs to it is ready, and records it. Recorded last, so that a killed run is
// repaired by the next one.
import {
  findAll,
  isAsRecorded,
  readinessOf,
  readRecord,
  recordObject,
  refOf,
  runsPods,
  waitUntilReady,
  writeRecord,
  type KubernetesObject,
  type ObjectRef,
  type ServiceRecord,
  summarizeChanges,
} from "@pai/kubernetes";
import { defaultFailFast } from "@pai/model";
import { hashFiles } from "./folder.ts";
import { findMembers } from "./members.ts";
import type { PlannedService } from "./plan.ts";
import { keepEvidence, type DeployRun, type ServiceOutcome, type ServiceRun } from "./run.ts";
import { runServiceScript } from "./script.ts";
import { hashSources, withChanges } from "./since-ready.ts";
import { toolVersion } from "./version.ts";

/** With `upgrade`, a service that runs is taken to its new version by its upgraded-script, if it has one. */
export async function startService(
  run: ServiceRun,
  planned: PlannedService,
  { upgrade = false }: { readonly upgrade?: boolean } = {},
): Promise<ServiceOutcome> {
  const { connection } = run;
  const record = await readRecord(connection.objects, planned.name);
  const hash = inputHash(run, planned);
  if (record?.state === "started" && record.hash === hash) {
    const live = await findRecorded(run, record);
    if (live) return leaveUnchanged(run, planned, live);
  }
  if (await run.hold()) return startService(run, planned, { upgrade });
  const isUpgrade = upgrade && record?.state === "started" && planned.service.deploy?.scripts.upgraded;
  try {
    return await startByScript(run, planned, { script: isUpgrade ? "upgraded" : "start", hash });
  } catch (error) {
    throw withChanges(error, { planned, record, hash });
  }
}

/** Nobody has changed anything, so nothing done again could help a pod that restarts just now: it is waited for. */
export async function leaveUnchanged(
  run: ServiceRun,
  planned: PlannedService,
  live: readonly KubernetesObject[],
): Promise<ServiceOutcome> {
  const isReady = live.every((object) => readinessOf(object).state === "ready");
  if (!isReady) await waitFor(run, planned, live, run.connection.now());
  return { outcome: "unchanged", detail: podCount(live) };
}

async function startByScript(
  run: ServiceRun,
  planned: PlannedService,
  { script, hash }: { readonly script: "start" | "upgraded"; readonly hash: string },
): Promise<ServiceOutcome> {
  const { connection } = run;
  const since = connection.now();
  const lines = await runServiceScript({ ...run, root: run.plan.root, planned, script });
  const members = await findMembers(planned, connection, lines);
  await waitFor(run, planned, members, since);
  const live = await recordMembers(
    run,
    { service: planned.name, state: "started", hash, sources: hashSources(planned) },
    members.map(refOf),
  );
  warnAboutIdle(run, planned, live);
  return {
    outcome: "changed",
    detail: [podCount(live), summarizeChanges(lines)].filter(Boolean).join(" · "),
  };
}

export async function refreshService(run: ServiceRun, planned: PlannedService): Promise<ServiceOutcome> {
  const { connection } = run;
  if (!planned.service.deploy?.scripts.refresh)
    return { outcome: "unchanged", detail: "it has no refresh-script" };
  const record = await readRecord(connection.objects, planned.name);
  if (record?.state === "started" && record.hash === inputHash(run, planned)) {
    const live = await findRecorded(run, record);
    if (live?.every((object) => readinessOf(object).state === "ready"))
      return { outcome: "unchanged", detail: podCount(live) };
  }
  if (await run.hold()) return refreshService(run, planned);
  const since = connection.now();
  const lines = await runServiceScript({ ...run, root: run.plan.root, planned, script: "refresh" });
  const members = await findMembers(planned, connection, lines);
  await waitFor(run, planned, members, since);
  // The hash stays: a refresh does not apply everything that a start would.
  if (record) await recordMembers(run, record, members.map(refOf));
  return {
    outcome: "changed",
    detail: [podCount(members), summarizeChanges(lines)].filter(Boolean).join(" · "),
  };
}

/** The live objects if all are there as recorded and none has failed. */
async function findRecorded(run: DeployRun, record: ServiceRecord): Promise<KubernetesObject[] | undefined> {
  const found = await findAll(run.connection.objects, record.objects);
  const intact = found.every(
    ({ ref, object }) => object && isAsRecorded(ref, object) && readinessOf(object).state !== "failed",
  );
  return intact ? found.flatMap(({ object }) => object ?? []) : undefined;
}

export async function waitFor(
  run: DeployRun,
  planned: PlannedService,
  members: readonly KubernetesObject[],
  since: Date,
): Promise<void> {
  const { connection, report, isComing } = run;
  const { name, service } = planned;
  const own = new Set(members.map(({ kind, metadata }) => `${kind.toLowerCase()} ${metadata.name}`));
  try {
    await waitUntilReady({
      ...connection,
      service: name,
      targets: members.map((object) => ({ ...refOf(object), ...generationOf(object) })),
      since,
      timeoutMs: run.timeoutMs,
      failFast: service.deploy?.failFast ?? defaultFailFast,
      isComing: (kind, wanted) => own.has(`${kind.toLowerCase()} ${wanted}`) || isComing(kind, wanted),
      signal: run.signal,
      mask: run.mask,
      onWaiting: (waiting) => report({ type: "waiting", service: name, ...waiting }),
    });
  } catch (error) {
    if (!run.signal.aborted) await keepEvidence(run, planned, { refs: members.map(refOf), since });
    throw error;
  }
}

function generationOf({ metadata: { generation } }: KubernetesObject): { readonly generation?: number } {
  return generation === undefined ? {} : { generation };
}

/** Records the objects as they are now, after controllers have had their say. */
async function recordMembers(
  { connection }: DeployRun,
  record: Omit<ServiceRecord, "objects" | "tool" | "time">,
  refs: readonly ObjectRef[],
): Promise<KubernetesObject[]> {
  const live = (await findAll(connection.objects, refs)).flatMap(({ object }) => object ?? []);
  await writeRecord(connection.objects, {
    ...record,
    objects: live.map(recordObject),
    tool: toolVersion,
    time: new Date().toISOString(),
  });
  return live;
}

export function inputHash({ plan }: Pick<DeployRun, "plan">, { service, files }: PlannedService): string {
  const rules = new Set((service.deploy?.deployRules ?? []).map(({ label }) => label));
  const labels = plan.cluster.machines.flatMap(({ nodeName, labels: all }) =>
    all.filter((label) => rules.has(label)).map((label) => `${nodeName} ${label}`),
  );
  return hashFiles(files, labels);
}

export function warnAboutIdle(
  { report }: DeployRun,
  { name: service }: PlannedService,
  live: readonly KubernetesObject[],
): void {
  for (const object of live) {
    if (object.kind !== "DaemonSet") continue;
    const { pods } = readinessOf(object);
    if (pods?.wanted === 0) {
      report({
        type: "warning",
        service,
        message: `no node matches DaemonSet ${object.metadata.name}: it runs no pod`,
      });
    }
  }
}

/** `3/3 pods` */
export function podCount(live: readonly KubernetesObject[]): string {
  const counts = live.filter(runsPods).flatMap((object) => readinessOf(object).pods ?? []);
  if (counts.length === 0) return "";
  const sum = (of: "ready" | "wanted"): number => counts.reduce((total, count) => total + count[of], 0);
  return `${sum("ready")}/${sum("wanted")} pods`;
}
