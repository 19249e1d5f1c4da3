// What a deployment works on: the tree and the configuration, read, checked and rendered as a whole
// before anything is changed.
import { formatLocation, joinErrors, PaiError, type Report } from "@pai/core";
import { readServices, type Cluster, type Service } from "@pai/model";
import {
  prerequisiteEdges,
  selectServices,
  startAlone,
  startOrder,
  stopOrder,
  withDependents,
  withNeeds,
  withoutCycles,
} from "@pai/plan";
import { planService, type PlannedService } from "./plan-service.ts";
import { readConfiguration } from "../config/read-configuration.ts";
import { tellWarnings } from "../config/tell-warnings.ts";

export interface DeploySelection {
  /** The folder that holds `src` and the configuration. */
  readonly root: string;
  /** Relative to the root, or absolute. */
  readonly configuration: string;
  /** A file with the whole model, in place of the configuration and the services' code. */
  readonly model?: string | undefined;
  /** All when absent. */
  readonly services?: readonly string[] | undefined;
  /** Services to leave alone, though they are selected or needed. */
  readonly skip?: readonly string[] | undefined;
  /** Also what needs the services, directly or through others. */
  readonly withDependents?: boolean | undefined;
  /** Whether the rendered copy has today's API versions in place of removed ones; it has when absent. */
  readonly upgrade?: boolean | undefined;
  /** Whether own images are named by their digests; they are when absent. */
  readonly pin?: boolean | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

export interface DeployPlan {
  readonly root: string;
  readonly cluster: Cluster;
  /** Every service of the tree. */
  readonly services: ReadonlyMap<string, Service>;
  /** In the order of work. */
  readonly order: readonly PlannedService[];
  /** Per service of the order, those of the order that have to be done before. */
  readonly edges: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether own images are to be named by their digests; they are when absent. */
  readonly pin?: boolean | undefined;
}

export type { PlannedService };

export type Direction =
  | { readonly order: "start"; readonly withPrerequisites: boolean }
  /** As "stop", prerequisites that are no service or make a cycle keep nobody from anything. */
  | { readonly order: "render" }
  /** Nothing that its scripts do not need keeps a service from being stopped. */
  | { readonly order: "stop" };

/** Throws all that is wrong with the configuration and the services it will work on, at once. */
export async function planDeployment(selection: DeploySelection, direction: Direction): Promise<DeployPlan> {
  const { root } = selection;
  const [cluster, services] = await settleAll([readConfiguration(selection), readServices(root)]);
  const edges = withoutCycles(prerequisiteEdges(services));
  const skipped = new Set(selection.skip?.length ? selectServices(services, selection.skip) : []);
  const chosen = selectServices(services, selection.services);
  const selected = (selection.withDependents ? [...withDependents(edges, chosen)] : chosen).filter(
    (name) => !skipped.has(name),
  );
  const order = orderOf(services, selected, direction, selection.report).filter(
    ({ name }) => !skipped.has(name),
  );
  const tolerant = direction.order === "stop";
  const problems = order.flatMap((service) => service.problems);
  if (problems.length > 0 && !tolerant) throw joinErrors(problems);
  for (const { message, location } of problems)
    selection.report({ type: "warning", message, ...(location ? { location } : {}) });
  for (const { warnings } of order) tellWarnings(warnings, selection.report);
  refuseUndeployable(
    (selection.services ?? []).filter((name) => !skipped.has(name)),
    order,
    services,
  );
  const { report, upgrade = true } = selection;
  const planned = await settleAll(
    order.map((service) => planService(service, { root, cluster, upgrade, tolerant, report })),
  );
  const needs = direction.order === "stop" ? withDependents : withNeeds;
  return {
    root,
    cluster,
    services,
    pin: selection.pin,
    order: planned,
    // Through services that are not part of the order, too.
    edges: new Map(
      order.map(({ name }) => [name, new Set([...needs(edges, [name])].filter((need) => need !== name))]),
    ),
  };
}

function orderOf(
  services: ReadonlyMap<string, Service>,
  selected: readonly string[],
  direction: Direction,
  report: Report,
): readonly Service[] {
  switch (direction.order) {
    case "stop":
      return stopOrder(services, selected);
    case "render":
      return stopOrder(services, selected).toReversed();
    case "start": {
      if (direction.withPrerequisites) return startOrder(services, selected);
      const { order, unknown } = startAlone(services, selected);
      for (const { message, location } of unknown) {
        const place = location ? ` (${formatLocation(location)})` : "";
        report({ type: "warning", message: `${message}${place}` });
      }
      return order;
    }
  }
}

function refuseUndeployable(
  names: readonly string[],
  order: readonly Service[],
  services: ReadonlyMap<string, Service>,
): void {
  const deployable = new Set(order.map(({ name }) => name));
  const errors = names
    .filter((name) => services.has(name) && !deployable.has(name))
    .map(
      (name) =>
        new PaiError(
          "CONFIG_INVALID",
          `${name} only builds images: src/${name}/deploy/service.yaml does not exist`,
          {
            hint: "leave it out, or write a service.yaml for it",
          },
        ),
    );
  if (errors.length > 0) throw joinErrors(errors);
}

/** Like Promise.all, but waits for all and throws every error. */
async function settleAll<const T extends readonly Promise<unknown>[]>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const results = await Promise.allSettled(promises);
  const errors = results.flatMap((result) => (result.status === "rejected" ? flatten(result.reason) : []));
  if (errors.length > 0) throw joinErrors(errors);
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as {
    -readonly [K in keyof T]: Awaited<T[K]>;
  };
}

function flatten(error: unknown): Error[] {
  if (error instanceof AggregateError) return error.errors.flatMap(flatten);
  return [error instanceof Error ? error : new Error(String(error))];
}
