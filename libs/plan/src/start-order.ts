import { joinErrors, nearMisses, PaiError } from "@pai/core";
import type { NamedLine, Service, ServiceDeploy } from "@pai/model";
import { needsFirst } from "./depth-first.ts";
import { prerequisiteEdges, withDependents, type Services } from "./service-graph.ts";

/**
 * The selected services and their prerequisites, prerequisites first; without those that only build images.
 * Throws UNKNOWN_PREREQUISITE (all of them at once) or PREREQUISITE_CYCLE.
 */
export function startOrder(services: Services, selected: readonly string[]): Service[] {
  const { order, unknown } = walkPrerequisites(services, selected);
  if (unknown.length > 0) throw joinErrors(unknown.map(({ error }) => error));
  return order;
}

export interface StartAlone {
  readonly order: readonly Service[];
  /** Prerequisites of theirs that are no service. */
  readonly unknown: readonly PaiError[];
}

/** The selected services and nothing else, prerequisites first. Throws PREREQUISITE_CYCLE. */
export function startAlone(services: Services, selected: readonly string[]): StartAlone {
  const { order, unknown } = walkPrerequisites(services, selected);
  return {
    order: order.filter(({ name }) => selected.includes(name)),
    unknown: unknown.flatMap(({ service, error }) => (selected.includes(service) ? [error] : [])),
  };
}

interface Walk {
  readonly order: Service[];
  readonly unknown: readonly { readonly service: string; readonly error: PaiError }[];
}

function walkPrerequisites(services: Services, selected: readonly string[]): Walk {
  const unknown: { readonly service: string; readonly error: PaiError }[] = [];
  const order = needsFirst(
    selected,
    (name) => {
      const { deploy } = services.get(name) ?? {};
      return (deploy?.prerequisites ?? []).flatMap((prerequisite) => {
        if (services.has(prerequisite.name)) return [prerequisite.name];
        const error = unknownPrerequisite(name, prerequisite, deploy?.file ?? "", services);
        unknown.push({ service: name, error });
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
  return { order: order.flatMap((name) => deployable(services, name)), unknown };
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

const remedy = "correct it, or start without prerequisites: --no-deps";

function unknownPrerequisite(
  name: string,
  { name: needed, line }: NamedLine,
  file: string,
  services: Services,
): PaiError {
  const [near] = nearMisses(needed, services.keys());
  return new PaiError("UNKNOWN_PREREQUISITE", `${name} needs "${needed}", but there is no such service`, {
    location: { file, line },
    hint: `${near === undefined ? "" : `did you mean "${near}"? `}${remedy}`,
  });
}

function lineOf({ file, prerequisites }: ServiceDeploy, name: string): { file: string; line?: number } {
  const line = prerequisites.find((prerequisite) => prerequisite.name === name)?.line;
  return line === undefined ? { file } : { file, line };
}
