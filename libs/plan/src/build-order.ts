import { PaiError, type Location } from "@pai/core";
import type { Service } from "@pai/model";
import { needsFirst } from "./depth-first.ts";
import { imageEdges, imageOwners, ownImageOf, type Services } from "./service-graph.ts";

/** The selected services and those that make their base images, bases first; without those that make none. */
export function buildOrder(services: Services, selected: readonly string[]): Service[] {
  const edges = imageEdges(services);
  const order = needsFirst(
    selected,
    (name) => edges.get(name) ?? [],
    (path) => {
      throw new PaiError("IMAGE_CYCLE", `the images need each other: ${path.join(" -> ")}`, {
        ...locationOf(services, path),
        hint: "take one of the FROM or component.dep lines away",
      });
    },
  );
  return order.flatMap((name) => {
    const service = services.get(name);
    return service && service.images.length > 0 ? [service] : [];
  });
}

/** The line by which the first service of the cycle needs the second. */
function locationOf(services: Services, [from = "", to = ""]: readonly string[]): { location?: Location } {
  const service = services.get(from);
  const owners = imageOwners(services);
  for (const { dockerfile, bases } of service?.images ?? []) {
    const base = bases.find(({ reference }) => owners.get(ownImageOf(reference, owners) ?? "") === to);
    if (base) return { location: { file: dockerfile, line: base.line } };
  }
  const component = service?.components.find(({ name }) => name === to);
  return service && component
    ? { location: { file: `${service.folder}/build/component.dep`, line: component.line } }
    : {};
}
