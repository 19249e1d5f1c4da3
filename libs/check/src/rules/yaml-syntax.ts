import type { Rule } from "../rule.ts";

export const yamlSyntax: Rule = {
  id: "yaml-syntax",
  level: "error",
  about:
    "A YAML file that commands read is not valid, or stands for more values than a configuration can have.",
  check: ({ refusals }) => refusals.filter(({ kind }) => kind === "yaml"),
};
