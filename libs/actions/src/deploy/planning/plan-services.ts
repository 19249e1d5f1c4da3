import { planNodeLabels } from "@pai/kubernetes";
import { readClusterId } from "../../config/store.ts";
import { pinOwnImages } from "../images.ts";
import { labelChanges } from "../node-labels.ts";
import { planDeployment, type DeployPlan } from "../plan.ts";
import { openRun, withCluster } from "../run.ts";
import type { StartServicesOptions } from "../start.ts";
import { planServiceStart } from "./plan-service.ts";
import type { DeploymentPlan, ServicePlan } from "./types.ts";

/** What a start with these options would do. Changes nothing in the cluster. */
export async function planServices(options: StartServicesOptions): Promise<DeploymentPlan> {
  const { withPrerequisites, signal, configuration } = options;
  const unpinned = await planDeployment(options, { order: "start", withPrerequisites });
  return withCluster(options, unpinned.cluster, async (connection) => {
    const [id, plan, nodes] = await Promise.all([
      readClusterId(connection.objects),
      pinOwnImages(unpinned, signal),
      planNodeLabels(connection.objects, unpinned.cluster),
    ]);
    const run = openRun("start", plan, connection, { ...options, report: () => {} });
    const services: ServicePlan[] = [];
    for (const planned of plan.order) services.push(await planServiceStart(run, planned));
    const { context, server } = connection;
    return {
      cluster: { context, server, ...(id === undefined ? {} : { id }) },
      configuration,
      order: levelsOf(plan),
      services,
      nodes: labelChanges(nodes),
    };
  });
}

/** Whether a start would change anything. */
export function hasChanges({ services, nodes }: DeploymentPlan): boolean {
  return (
    nodes.length > 0 ||
    services.some(
      ({ outcome, objects }) =>
        outcome === "script" || objects.some(({ change }) => change !== "unchanged" && change !== "keep"),
    )
  );
}

function levelsOf({ order, edges }: DeployPlan): string[][] {
  const levels: string[][] = [];
  const level = new Map<string, number>();
  for (const { name } of order) {
    const needs = [...(edges.get(name) ?? [])].flatMap((need) => level.get(need) ?? []);
    const own = Math.max(-1, ...needs) + 1;
    level.set(name, own);
    (levels[own] ??= []).push(name);
  }
  return levels;
}
