import { nearMisses } from "@pai/core";
import { meant } from "@pai/model";
import { shown } from "../finding.ts";
import { listedIn } from "../service-list.ts";
import type { Rule } from "../rule.ts";

export const unknownPrerequisite: Rule = {
  id: "unknown-prerequisite",
  level: "error",
  about: "prerequisite names something that is no service of this tree.",
  *check(context) {
    for (const { text, file, line, column } of listedIn(context, "prerequisite")) {
      if (context.services.has(text)) continue;
      const [near] = nearMisses(text, context.services.keys());
      yield { file, line, column, message: `"${shown(text)}" is no service${meant(near)}` };
    }
  },
};
