// What the targets of all services are made from: two graphs, of images and of starts, and what each
// deployment runs. Nx has one kind of edge between projects, so they stay apart here.
import {
  imageNeeds,
  imageOwners,
  prerequisiteEdges,
  reverse,
  withDependents,
  withoutCycles,
  type ServiceEdges,
  type Services,
} from "@pai/plan";
import type { DeploySources } from "./deploy-sources.ts";

export interface TreeGraph {
  readonly services: Services;
  /** Image to the service that makes it. */
  readonly owners: ReadonlyMap<string, string>;
  /** Per service that is deployed, what it is made of outside of its own folder. */
  readonly sources: ReadonlyMap<string, DeploySources>;
  /** Image to the images that are built before. */
  readonly images: ServiceEdges;
  /** To the services that are deployed before. */
  readonly prerequisites: ServiceEdges;
  /** To the services that are stopped before. */
  readonly dependents: ServiceEdges;
  /**
   * Images that cannot be built, and services that cannot be deployed, because of a mistake in what they
   * need. Their target runs alone, so that the action behind it names the mistake before anything else is
   * changed.
   */
  readonly unsound: { readonly images: ReadonlySet<string>; readonly deploy: ReadonlySet<string> };
}

/** One bad service must not stop the others: unknown names and edges that close a cycle are left out. */
export function graphOf(services: Services, sources: TreeGraph["sources"] = new Map()): TreeGraph {
  const images = imageNeeds(services);
  const prerequisites = prerequisiteEdges(services);
  const all = [...services.values()];
  const bad = all.filter(({ problems }) => problems.length > 0);
  const dangling = all.filter(({ deploy }) => deploy?.prerequisites.some(({ name }) => !services.has(name)));
  const [buildable, deployable] = [withoutCycles(images), withoutCycles(prerequisites)];
  return {
    services,
    owners: imageOwners(services),
    sources,
    images: buildable,
    prerequisites: deployable,
    dependents: reverse(deployable),
    unsound: {
      images: withDependents(images, [
        ...bad.flatMap((service) => service.images.map(({ name }) => name)),
        ...startsOfCut(images, buildable),
      ]),
      deploy: withDependents(prerequisites, [
        ...[...bad, ...dangling].map(({ name }) => name),
        ...startsOfCut(prerequisites, deployable),
      ]),
    },
  };
}

/** Where an edge that closes a cycle starts. */
function startsOfCut(edges: ServiceEdges, acyclic: ServiceEdges): string[] {
  return [...edges].filter(([name, needs]) => acyclic.get(name)?.size !== needs.size).map(([name]) => name);
}
