import { listedIn } from "../service-list.ts";
import type { Rule } from "../rule.ts";

export const duplicateEntry: Rule = {
  id: "duplicate-entry",
  level: "warning",
  about: "A list of service.yaml names the same thing twice.",
  *check(context) {
    for (const key of ["prerequisite", "template-list"]) {
      const seen = new Map<string, number | undefined>();
      for (const { service, text, file, line, column } of listedIn(context, key)) {
        const id = `${service.name}/${text}`;
        if (seen.has(id))
          yield {
            file,
            line,
            column,
            message: `${key} names "${text}" twice; first in line ${seen.get(id)}`,
          };
        else seen.set(id, line);
      }
    }
  },
};
