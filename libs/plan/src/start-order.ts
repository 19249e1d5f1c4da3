import { joinErrors, nearMisses, PaiError } from "@pai/core";
import type { NamedLine, Service, ServiceDeploy } from "@pai/model";
import { needsFirst } from "./depth-first.ts";
import { prerequisiteEdges, withDependents, type Services } from "./service-graph.ts";

/**
 * The selected services and their prerequisites, prerequisites first; without those that only build images.
 * Throws UNKNOWN_PREREQUISITE (all of them at once) or PREREQUISITE_CYCLE.
 */
export function startOrder(services: Services, selected: readonly string[]): Service[] {
  const unknown: PaiError[] = [];
  const order = needsFirst(
    selected,
    (name) => {
      const { deploy } = services.get(name) ?? {};
      return (deploy?.prerequisites ?? []).flatMap((prerequisite) => {
        if (services.has(prerequisite.name)) return [prerequisite.name];
        unknown.push(unknownPrerequisite(name, prerequisite, deploy?.file ?? "", services));
        return [];
      });
    },
    (path) => {
      const { deploy } = services.get(path[0] ?? "") ?? {};
      throw new PaiError("PREREQUISITE_CYCLE", `the services wait for each other: ${path.join(" -> ")}`, {
        ...(deploy ? { location: lineOf(deploy, path[1] ?? "") } : {}),
        hint: "take one of these prerequisites away",
      });
    },
  );
  if (unknown.length > 0) throw joinErrors(unknown);
  return order.flatMap((name) => deployable(services, name));
}

export interface StopOptions {
  /** Also what needs the selected services, directly or through others. */
  readonly withDependents: boolean;
}

/**
 * The selected services, dependents first. What is wrong with prerequisites does not keep anyone from
 * stopping: names that are no service are passed over, and a cycle is cut anywhere.
 */
export function stopOrder(
  services: Services,
  selected: readonly string[],
  options: StopOptions = { withDependents: false },
): Service[] {
  const edges = prerequisiteEdges(services);
  const wanted = options.withDependents ? withDependents(edges, selected) : new Set(selected);
  return needsFirst(
    wanted,
    (name) => edges.get(name) ?? [],
    () => {},
  )
    .filter((name) => wanted.has(name))
    .toReversed()
    .flatMap((name) => deployable(services, name));
}

function deployable(services: Services, name: string): Service[] {
  const service = services.get(name);
  return service?.deploy ? [service] : [];
}

function unknownPrerequisite(
  name: string,
  { name: needed, line }: NamedLine,
  file: string,
  services: Services,
): PaiError {
  const [near] = nearMisses(needed, services.keys());
  return new PaiError("UNKNOWN_PREREQUISITE", `${name} needs "${needed}", but there is no such service`, {
    location: { file, line },
    hint: near === undefined ? `make src/${needed} or take the line away` : `did you mean "${near}"?`,
  });
}

function lineOf({ file, prerequisites }: ServiceDeploy, name: string): { file: string; line?: number } {
  const line = prerequisites.find((prerequisite) => prerequisite.name === name)?.line;
  return line === undefined ? { file } : { file, line };
}
