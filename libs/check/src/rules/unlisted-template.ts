import { listedIn } from "../service-list.ts";
import type { Rule } from "../rule.ts";

export const unlistedTemplate: Rule = {
  id: "unlisted-template",
  level: "hint",
  about: "A *.template beside service.yaml is not in template-list, so it is never rendered.",
  *check(context) {
    const listed = new Set(
      [...listedIn(context, "template-list")].map(
        ({ service, text }) => `${service.folder}/deploy/${text}.template`,
      ),
    );
    for (const { folder, deploy } of context.services.values()) {
      if (!deploy || !context.documents.has(deploy.file)) continue;
      for (const { name, kind } of context.tree.list(`${folder}/deploy`)) {
        const file = `${folder}/deploy/${name}`;
        if (kind !== "file" || !name.endsWith(".template") || listed.has(file)) continue;
        yield { file, message: `${name} is not in template-list of service.yaml, so nothing renders it` };
      }
    }
  },
};
