// A plan that was looked at, to be carried out as it is, or not at all.
import { formatLocation, PaiError } from "@pai/core";
import { readFile, writeFile } from "node:fs/promises";
import type { PlannedService } from "../plan.ts";
import type { ServiceRun } from "../run.ts";
import { startServices, type StartServicesOptions } from "../start.ts";
import { planServiceStart } from "./plan-service.ts";
import { planServices } from "./plan-services.ts";
import type { DeploymentPlan } from "./types.ts";

const format = "pai-plan/1";
const hint = "make a new plan, and look at it:  paictl service plan --out FILE";

export async function writePlanFile(file: string, plan: DeploymentPlan): Promise<void> {
  await writeFile(file, `${JSON.stringify({ format, ...plan }, undefined, 2)}\n`, { mode: 0o600 });
}

/** Throws CONFIG_INVALID for a file that is none. */
export async function readPlanFile(file: string): Promise<DeploymentPlan> {
  try {
    const plan = JSON.parse(await readFile(file, "utf8")) as DeploymentPlan & { readonly format?: string };
    if (plan.format === format) return plan;
  } catch (cause) {
    throw new PaiError("CONFIG_INVALID", `the plan ${formatLocation({ file })} cannot be read`, { cause });
  }
  throw new PaiError("CONFIG_INVALID", `${file} is no plan`, {
    hint: `paictl service plan --out ${file} writes one`,
  });
}

/**
 * Starts what the plan names. Throws PLAN_OUTDATED when the tree or the cluster is not as it was then: before
 * the first change as far as that can be seen, and for labels and each service when their turn has come.
 */
export async function startPlan(
  plan: DeploymentPlan,
  options: Omit<StartServicesOptions, "services" | "withPrerequisites">,
): Promise<void> {
  const services = plan.services.map(({ service }) => service);
  const selection = { ...options, services, withPrerequisites: false };
  const now = await planServices(selection);
  const moved = plan.services.filter(
    ({ service, fingerprint }) =>
      now.services.find((each) => each.service === service)?.fingerprint !== fingerprint,
  );
  const isElsewhere = now.cluster.server !== plan.cluster.server;
  const hasOtherLabels = !isSame(now.nodes, plan.nodes);
  if (isElsewhere || hasOtherLabels || moved.length > 0) {
    throw new PaiError("PLAN_OUTDATED", "the plan is not what a start would do now; nothing was changed", {
      details: [
        ...(isElsewhere ? [`it is for the cluster ${plan.cluster.server}`] : []),
        ...(hasOtherLabels ? ["labels of nodes have changed since"] : []),
        ...moved.map(
          ({ service }) => `${service}: its files or its objects in the cluster have changed since`,
        ),
      ],
      hint,
    });
  }
  await startServices(selection, {
    labels: (changes) => expectLabels(plan, changes),
    service: (run, planned) => expectPlanned(plan, run, planned),
  });
}

function isSame(now: DeploymentPlan["nodes"], planned: DeploymentPlan["nodes"]): boolean {
  return JSON.stringify(now) === JSON.stringify(planned);
}

function expectLabels({ nodes }: DeploymentPlan, now: DeploymentPlan["nodes"]): void {
  if (isSame(now, nodes)) return;
  const message = "labels of nodes have changed since the plan was made; nothing was changed";
  throw new PaiError("PLAN_OUTDATED", message, { hint });
}

/** Nobody else can change the service from here on. */
async function expectPlanned(plan: DeploymentPlan, run: ServiceRun, planned: PlannedService): Promise<void> {
  await run.hold();
  const now = await planServiceStart(run, planned);
  if (
    plan.services.some(
      ({ service, fingerprint }) => service === now.service && fingerprint === now.fingerprint,
    )
  )
    return;
  const message = `${planned.name}: its files or its objects in the cluster have changed since the plan was made; it is left as it is`;
  throw new PaiError("PLAN_OUTDATED", message, { hint });
}
