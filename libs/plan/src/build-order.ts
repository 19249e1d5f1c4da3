import { PaiError, type Location } from "@pai/core";
import type { Service } from "@pai/model";
import { needsFirst } from "./depth-first.ts";
import { imageNeeds } from "./image-graph.ts";
import { imageOwners, ownImageOf, type Services } from "./service-graph.ts";

/** The selected services and those that make their base images, bases first; without those that make none. */
export function buildOrder(services: Services, selected: readonly string[]): Service[] {
  const owners = imageOwners(services);
  const needs = imageNeeds(services);
  const order = needsFirst(
    selected.flatMap((name) => services.get(name)?.images.map((image) => image.name) ?? []),
    (name) => needs.get(name) ?? [],
    (path) => {
      throw new PaiError("IMAGE_CYCLE", `the images need each other: ${path.join(" -> ")}`, {
        ...locationOf(services, owners, path),
        hint: "take one of the FROM or component.dep lines away",
      });
    },
  );
  return [...new Set(order.map((image) => owners.get(image) ?? ""))].flatMap(
    (name) => services.get(name) ?? [],
  );
}

/** The line by which the first image of the cycle needs the second. */
function locationOf(
  services: Services,
  owners: ReadonlyMap<string, string>,
  [from = "", to = ""]: readonly string[],
): { location?: Location } {
  const service = services.get(owners.get(from) ?? "");
  const image = service?.images.find(({ name }) => name === from);
  const base = image?.bases.find(({ reference }) => ownImageOf(reference, owners) === to);
  if (image && base) return { location: { file: image.dockerfile, line: base.line } };
  const component = service?.components.find(({ name }) => name === owners.get(to));
  return service && component
    ? { location: { file: `${service.folder}/build/component.dep`, line: component.line } }
    : {};
}
