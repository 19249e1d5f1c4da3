import { readRecords, type ClusterConnection } from "@pai/kubernetes";
import { prerequisiteEdges, withDependents } from "@pai/plan";
import { deleteDeclarative, stopDeclarative } from "./declarative/end-declarative.ts";
import { pinAppliedImages } from "./images.ts";
import { planDeployment, type DeployPlan, type PlannedService } from "./plan.ts";
import {
  openRun,
  runServices,
  withCluster,
  type DeployOptions,
  type ServiceOutcome,
  type ServiceRun,
} from "./run.ts";
import { deleteService, stopService } from "./stop-service.ts";

/** Stops the services, each after those of them that need it. Data stays. */
export async function stopServices(options: DeployOptions): Promise<void> {
  await endServices("stop", options, (run, planned) =>
    planned.service.deploy?.declarative ? stopDeclarative(run, planned) : stopService(run, planned),
  );
}

/** Stops the services and lets their delete-scripts remove their data, in the order of a stop. */
export async function deleteServices(options: DeployOptions): Promise<void> {
  await endServices("delete", options, (run, planned) =>
    planned.service.deploy?.declarative ? deleteDeclarative(run, planned) : deleteService(run, planned),
  );
}

async function endServices(
  action: "stop" | "delete",
  options: DeployOptions,
  work: (run: ServiceRun, planned: PlannedService) => Promise<ServiceOutcome>,
): Promise<void> {
  const unpinned = await planDeployment(options, { order: "stop" });
  const plan = await pinAppliedImages(unpinned, action, options);
  await withCluster(options, plan.cluster, async (connection) => {
    const run = openRun(action, plan, connection, options);
    for (const message of await findAbandoned(plan, connection)) options.report({ type: "warning", message });
    await runServices(run, (planned, own) => work(own, planned));
  });
}

/** Running services that lose what they need. */
async function findAbandoned(plan: DeployPlan, { objects }: ClusterConnection): Promise<string[]> {
  const edges = prerequisiteEdges(plan.services);
  const ending = plan.order.map(({ name }) => name);
  const records = await readRecords(objects);
  return [...withDependents(edges, ending)]
    .filter((name) => !ending.includes(name) && records.get(name)?.state === "started")
    .map((name) => {
      const needs = ending.filter((each) => edges.get(name)?.has(each));
      return `${name} keeps running and needs ${needs.join(", ") || "one of these services"}`;
    });
}
