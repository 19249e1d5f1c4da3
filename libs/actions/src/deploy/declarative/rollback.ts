// Back to an earlier revision: its objects are applied as a new revision, with all that belongs to it.
import { PaiError } from "@pai/core";
import { applySetOf, listRevisions, readRevision, type ApplySet, type RevisionInfo } from "@pai/kubernetes";
import { readServices } from "@pai/model";
import { readConfiguration } from "../../config/read-configuration.ts";
import { keepReport } from "../failure-report.ts";
import type { DeployPlan, PlannedService } from "../plan.ts";
import { openRun, runServices, withCluster, type DeployOptions, type DeployRun } from "../run.ts";
import { podCount, waitFor } from "../start-service.ts";
import { toolVersion } from "../version.ts";
import { deploySet, type SetResult } from "./deploy-set.ts";
import { declarativeService, keptRevisions } from "./declarative-service.ts";

export interface RollbackOptions extends Omit<DeployOptions, "services"> {
  readonly service: string;
  /** Number of the revision; the last one that was ready before the present one when absent. */
  readonly to?: number | undefined;
}

/** Works without the templates of the tree, which may be what is wrong. */
export async function rollbackService(options: RollbackOptions): Promise<void> {
  const { root, service: name, to } = options;
  const [cluster, services] = await Promise.all([readConfiguration(options), readServices(root)]);
  const service = declarativeService(services, name);
  const planned: PlannedService = { name, service, files: [] };
  const plan: DeployPlan = { root, cluster, services, order: [planned], edges: new Map() };
  await withCluster(options, cluster, async (connection) => {
    const set = applySetOf(name, toolVersion);
    chooseRevision(await listRevisions(connection.objects, set), name, to);
    await runServices(openRun("rollback", plan, connection, options), async (_, run) => {
      await run.hold();
      const target = chooseRevision(await listRevisions(connection.objects, set), name, to);
      const { objects, revision, summary } = await deployRevision(run, planned, set, target);
      const detail = [podCount(objects), summary, `revision ${target.number} again, as revision ${revision}`];
      return { outcome: "changed", detail: detail.filter(Boolean).join(" · ") };
    });
  });
}

/** Throws CONFIG_INVALID when there is no such revision. */
export function chooseRevision(
  revisions: readonly RevisionInfo[],
  service: string,
  to: number | undefined,
): RevisionInfo {
  const earlier = revisions.slice(0, -1);
  const chosen =
    to === undefined
      ? earlier.findLast(({ state }) => state === "ready")
      : revisions.find(({ number }) => number === to);
  if (chosen) return chosen;
  const all = revisions.map(({ number }) => number).join(", ");
  throw new PaiError(
    "CONFIG_INVALID",
    to === undefined
      ? `${service} has no earlier revision that was ready`
      : `${service} has no revision ${to}; the cluster keeps ${all || "none"}`,
    { hint: `paictl service history -n ${service} shows them` },
  );
}

async function deployRevision(
  run: DeployRun,
  planned: PlannedService,
  set: ApplySet,
  target: RevisionInfo,
): Promise<SetResult> {
  const { objects, hash, images } = await readRevision(run.connection.objects, set, target);
  const since = run.connection.now();
  const location = { file: `revision ${target.number} of ${planned.name}` };
  return deploySet({
    run,
    set,
    wanted: objects.map((object) => ({ ...object, location })),
    hash,
    images,
    keepRevisions: keptRevisions(planned.service),
    of: target.number,
    takeOver: false,
    wait: (applied) => waitFor(run, planned, applied, since),
  });
}

/** After a failed start, of which a report is written before anything is undone. Returns the error of that start, with what became of going back. */
export async function goBack(
  run: DeployRun,
  planned: PlannedService,
  failed: { readonly set: ApplySet; readonly to: RevisionInfo; readonly error: PaiError },
): Promise<PaiError> {
  const { set, to, error } = failed;
  run.memory.fail(planned.name, error);
  const page = await keepReport(run);
  run.report({
    type: "warning",
    service: planned.name,
    message: `${error.message}; going back to revision ${to.number}${page === undefined ? "" : `, what was seen is in ${page}`}`,
  });
  const outcome = await deployRevision(run, planned, set, to).then(
    ({ revision }) => `back     revision ${to.number} is there again, as revision ${revision}`,
    (failure: unknown) =>
      `back     revision ${to.number} did not come back: ${failure instanceof Error ? failure.message : String(failure)}`,
  );
  return error.withDetails([...error.details.filter((line) => !line.startsWith("next ")), outcome]);
}
