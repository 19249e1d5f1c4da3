import type { Service } from "@pai/model";
import { imageOwners, ownImageOf, type ServiceEdges, type Services } from "./service-graph.ts";

/**
 * Order of builds by image: per image, the own images that come first. These are what it starts or copies
 * from, and what the components of its service make. Finer than the edges between services: two services
 * may each start from an image of the other.
 */
export function imageNeeds(services: Services): ServiceEdges {
  const owners = imageOwners(services);
  const needs = new Map<string, ReadonlySet<string>>();
  for (const service of services.values()) {
    const components = imagesOfComponents(service, services);
    for (const { name, bases } of service.images) {
      if (owners.get(name) !== service.name) continue;
      const own = bases.flatMap(({ reference }) => ownImageOf(reference, owners) ?? []);
      needs.set(name, new Set([...own, ...components].filter((need) => need !== name)));
    }
  }
  return needs;
}

function imagesOfComponents({ name, components }: Service, services: Services): string[] {
  return components
    .filter((component) => component.name !== name)
    .flatMap((component) => services.get(component.name)?.images.map((image) => image.name) ?? []);
}
