import { imageEdges, needsFirst } from "@pai/plan";
import type { Rule } from "../rule.ts";

export const imageCycle: Rule = {
  id: "image-cycle",
  level: "error",
  about: "Images start from each other, so none of them can be built.",
  *check({ services }) {
    const edges = imageEdges(services);
    const cycles: (readonly string[])[] = [];
    needsFirst(
      edges.keys(),
      (name) => edges.get(name) ?? [],
      (path) => cycles.push(path),
    );
    for (const path of cycles) {
      const [from = "", to = ""] = path.slice(-2);
      const images = services.get(from)?.images ?? [];
      const made = new Set(services.get(to)?.images.map(({ name }) => name));
      const place = images
        .flatMap(({ dockerfile, bases }) => bases.map((base) => ({ file: dockerfile, ...base })))
        .find(({ reference }) => made.has(reference.replace(/:latest$/, "")));
      const component = services.get(from)?.components.find(({ name }) => name === to);
      yield {
        file: place?.file ?? `src/${from}/build/component.dep`,
        line: place?.line ?? component?.line,
        message: `the images need each other: ${path.join(" -> ")}`,
      };
    }
  },
};
