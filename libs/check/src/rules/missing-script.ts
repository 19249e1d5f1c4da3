import { nearMisses } from "@pai/core";
import { meant } from "@pai/model";
import { keyedIn, leavesFolder, listedIn, scriptKeys } from "../service-list.ts";
import type { Rule } from "../rule.ts";

export const missingScript: Rule = {
  id: "missing-script",
  level: "error",
  about:
    "service.yaml names a script that neither exists nor is rendered from a template. A warning for another one than start-script: it fails only when it is used.",
  *check(context) {
    const rendered = new Set(
      [...listedIn(context, "template-list")].map(({ service, text }) => `${service.name}/${text}`),
    );
    for (const key of scriptKeys) {
      for (const { service, text, file, line, column } of keyedIn(context, key)) {
        if (leavesFolder(text) || rendered.has(`${service.name}/${text}`)) continue;
        const folder = `${service.folder}/deploy`;
        if (text === "" || context.tree.read(`${folder}/${text}`).kind !== "missing") continue;
        const near = nearMisses(
          text,
          context.tree.list(folder).map(({ name }) => name),
        ).find((name) => name.endsWith(".sh"));
        const level = key === "start-script" ? "error" : "warning";
        yield {
          level,
          file,
          line,
          column,
          message: `${key}: ${folder}/${text} does not exist${meant(near)}`,
        };
      }
    }
  },
};
