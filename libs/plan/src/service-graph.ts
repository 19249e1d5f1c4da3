import type { Service } from "@pai/model";
import { needsFirst } from "./depth-first.ts";

export type Services = ReadonlyMap<string, Service>;

/** Per service, the services it needs. Names that are no service, and a service itself, are left out. */
export type ServiceEdges = ReadonlyMap<string, ReadonlySet<string>>;

/** Order of builds: from a service to those that make its base images, and to its components. */
export function imageEdges(services: Services): ServiceEdges {
  const owners = imageOwners(services);
  return edges(services, ({ images, components }) => [
    ...images.flatMap(({ bases }) => bases.flatMap(({ reference }) => ownerOf(reference, owners) ?? [])),
    ...components.map(({ name }) => name),
  ]);
}

/** Order of starts: from a service to its prerequisites. */
export function prerequisiteEdges(services: Services): ServiceEdges {
  return edges(services, ({ deploy }) => (deploy?.prerequisites ?? []).map(({ name }) => name));
}

/** Image name to service. Of two services with one image the first counts; reading reports them. */
export function imageOwners(services: Services): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { name, images } of services.values()) {
    for (const image of images) if (!owners.has(image.name)) owners.set(image.name, name);
  }
  return owners;
}

/**
 * The own image that a FROM means, if any: its bare name or `name:latest`. Any other tag means the public
 * image, so that a service named zookeeper can start FROM zookeeper:3.8.
 */
export function ownImageOf(reference: string, owners: ReadonlyMap<string, unknown>): string | undefined {
  const name = reference.replace(/:latest$/, "");
  return owners.has(name) ? name : undefined;
}

/** Every service that needs one of the given ones, directly or through others, and these themselves. */
export function withDependents(edges: ServiceEdges, names: readonly string[]): ReadonlySet<string> {
  return reachable(reverse(edges), names);
}

/** What the given services need, directly or through others, and these themselves. */
export function withNeeds(edges: ServiceEdges, names: readonly string[]): ReadonlySet<string> {
  return reachable(edges, names);
}

/** Per service, the services that need it. */
export function reverse(edges: ServiceEdges): ServiceEdges {
  const reversed = new Map<string, Set<string>>([...edges.keys()].map((name) => [name, new Set()]));
  for (const [name, needs] of edges) for (const need of needs) reversed.get(need)?.add(name);
  return reversed;
}

/** Without the edges that close a cycle; which one that is depends on the order of the names. */
export function withoutCycles(edges: ServiceEdges): ServiceEdges {
  const cut = new Map<string, Set<string>>();
  needsFirst(
    edges.keys(),
    (name) => edges.get(name) ?? [],
    (path) => {
      const [from = "", to = ""] = path.slice(-2);
      cut.set(from, (cut.get(from) ?? new Set()).add(to));
    },
  );
  return new Map(
    [...edges].map(([name, needs]) => [
      name,
      new Set([...needs].filter((need) => !cut.get(name)?.has(need))),
    ]),
  );
}

function edges(services: Services, needsOf: (service: Service) => readonly string[]): ServiceEdges {
  return new Map(
    [...services.values()].map((service) => [
      service.name,
      new Set(needsOf(service).filter((name) => name !== service.name && services.has(name))),
    ]),
  );
}

function ownerOf(reference: string, owners: ReadonlyMap<string, string>): string | undefined {
  const image = ownImageOf(reference, owners);
  return image === undefined ? undefined : owners.get(image);
}

function reachable(edges: ServiceEdges, names: readonly string[]): ReadonlySet<string> {
  const found = new Set(names);
  for (const name of found) for (const next of edges.get(name) ?? []) found.add(next);
  return found;
}
