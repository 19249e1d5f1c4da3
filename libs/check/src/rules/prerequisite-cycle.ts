import { needsFirst, prerequisiteEdges } from "@pai/plan";
import { listedIn } from "../service-list.ts";
import type { Rule } from "../rule.ts";

export const prerequisiteCycle: Rule = {
  id: "prerequisite-cycle",
  level: "error",
  about: "Services wait for each other, so none of them can start.",
  *check(context) {
    const listed = [...listedIn(context, "prerequisite")];
    const edges = prerequisiteEdges(context.services);
    const cycles: (readonly string[])[] = listed
      .filter(({ service, text }) => service.name === text)
      .map(({ text }) => [text, text]);
    needsFirst(
      edges.keys(),
      (name) => edges.get(name) ?? [],
      (path) => cycles.push(path),
    );
    for (const path of cycles) {
      const [from, to] = path.slice(-2);
      const place = listed.find(({ service, text }) => service.name === from && text === to);
      if (!place) continue;
      const { file, line, column } = place;
      yield { file, line, column, message: `the services wait for each other: ${path.join(" -> ")}` };
    }
  },
};
