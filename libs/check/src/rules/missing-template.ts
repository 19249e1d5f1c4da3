import { nearMisses } from "@pai/core";
import { meant } from "@pai/model";
import { leavesFolder, listedIn } from "../service-list.ts";
import { filesBelow } from "../files-below.ts";
import type { Rule } from "../rule.ts";

export const missingTemplate: Rule = {
  id: "missing-template",
  level: "error",
  about: "template-list names a file whose .template does not exist.",
  *check(context) {
    for (const { service, text, file, line, column } of listedIn(context, "template-list")) {
      const template = `${service.folder}/deploy/${text}.template`;
      if (leavesFolder(text) || context.tree.read(template).kind !== "missing") continue;
      const templates = filesBelow(context.tree, `${service.folder}/deploy`).filter((name) =>
        name.endsWith(".template"),
      );
      const [near] = nearMisses(
        text,
        templates.map((name) => name.slice(0, -".template".length)),
      );
      yield { file, line, column, message: `${template} does not exist${meant(near)}` };
    }
  },
};
