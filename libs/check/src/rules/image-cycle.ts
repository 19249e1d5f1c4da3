import { imageNeeds, imageOwners, needsFirst, ownImageOf } from "@pai/plan";
import type { Rule } from "../rule.ts";

export const imageCycle: Rule = {
  id: "image-cycle",
  level: "error",
  about: "Images start from each other, so none of them can be built.",
  *check({ services }) {
    const owners = imageOwners(services);
    const needs = imageNeeds(services);
    const cycles: (readonly string[])[] = [];
    needsFirst(
      needs.keys(),
      (name) => needs.get(name) ?? [],
      (path) => cycles.push(path),
    );
    for (const path of cycles) {
      const [from = "", to = ""] = path.slice(-2);
      const service = services.get(owners.get(from) ?? "");
      const image = service?.images.find(({ name }) => name === from);
      const base = image?.bases.find(({ reference }) => ownImageOf(reference, owners) === to);
      const component = service?.components.find(({ name }) => name === owners.get(to));
      yield {
        file: base ? (image?.dockerfile ?? "") : `src/${service?.name ?? from}/build/component.dep`,
        line: base?.line ?? component?.line,
        message: `the images need each other: ${path.join(" -> ")}`,
      };
    }
  },
};
