import { joinErrors } from "@pai/core";
import { planNodeLabels } from "@pai/kubernetes";
import {
  refreshDeclarative,
  startDeclarative,
  type DeclarativeOptions,
} from "./declarative/start-declarative.ts";
import { bringLabels } from "./node-labels.ts";
import { pinOwnImages } from "./images.ts";
import { planDeployment, type PlannedService } from "./plan.ts";
import type { NodePlan } from "./planning/types.ts";
import {
  openRun,
  runServices,
  withCluster,
  type DeployOptions,
  type ServiceOutcome,
  type ServiceRun,
} from "./run.ts";
import { findMissingScript } from "./script.ts";
import { refreshService, startService } from "./start-service.ts";

export interface StartServicesOptions extends DeployOptions, DeclarativeOptions {
  /** Also what the services need, directly or through others. */
  readonly withPrerequisites: boolean;
}

/** What throws keeps from being touched what it is about. */
export interface StartChecks {
  readonly labels: (changes: readonly NodePlan[]) => void;
  readonly service: (run: ServiceRun, planned: PlannedService) => Promise<void>;
}

/**
 * Starts the services, each as soon as its prerequisites are ready. Everything is checked before the first
 * change: configuration, templates, images, nodes and which cluster it is.
 */
export async function startServices(options: StartServicesOptions, checks?: StartChecks): Promise<void> {
  const work: Work = async (run, planned) => {
    await checks?.service(run, planned);
    return planned.service.deploy?.declarative
      ? startDeclarative(run, planned, options)
      : startService(run, planned);
  };
  await applyServices("start", options, work, checks?.labels);
}

/**
 * As a start, where services that run are taken to their new version by their upgraded-scripts; those
 * without one are started.
 */
export async function upgradeServices(options: StartServicesOptions): Promise<void> {
  await applyServices("upgrade", options, (run, planned) =>
    planned.service.deploy?.declarative
      ? startDeclarative(run, planned, options)
      : startService(run, planned, { upgrade: true }),
  );
}

/** Brings node labels up to date, and then runs the refresh-scripts with the same care as a start. */
export async function refreshServices(options: StartServicesOptions): Promise<void> {
  await applyServices("refresh", options, (run, planned) =>
    planned.service.deploy?.declarative ? refreshDeclarative(run, planned) : refreshService(run, planned),
  );
}

type Work = (run: ServiceRun, planned: PlannedService) => Promise<ServiceOutcome>;

async function applyServices(
  action: "start" | "upgrade" | "refresh",
  options: StartServicesOptions,
  work: Work,
  checkLabels: StartChecks["labels"] = () => {},
): Promise<void> {
  const { withPrerequisites, signal } = options;
  const unpinned = await planDeployment(options, { order: "start", withPrerequisites });
  // A refresh goes on with the others, where OpenPAI's trees name one that is not there.
  const missing =
    action === "refresh"
      ? []
      : unpinned.order.flatMap((planned) => findMissingScript(planned, "start") ?? []);
  if (missing.length > 0) throw joinErrors(missing);
  await withCluster(options, unpinned.cluster, async (connection) => {
    const [plan, nodes] = await Promise.all([
      pinOwnImages(unpinned, signal),
      planNodeLabels(connection.objects, unpinned.cluster),
    ]);
    const run = openRun(action, plan, connection, options);
    await bringLabels(run, nodes, checkLabels);
    await runServices(run, (planned, own) => work(own, planned));
  });
}
