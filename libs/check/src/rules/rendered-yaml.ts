import type { Rule } from "../rule.ts";

export const renderedYaml: Rule = {
  id: "rendered-yaml",
  level: "error",
  about:
    "What a template of a YAML file makes is no valid YAML. The place is the line of the template that made it.",
  check: ({ refusals }) => refusals.filter(({ kind }) => kind === "rendered"),
};
