import type { Rule } from "../rule.ts";

export const renderedYaml: Rule = {
  id: "rendered-yaml",
  level: "error",
  about:
    "What a template of a YAML file makes is no valid YAML. The place is the line of the template that made it. A warning in a file with a %PLACEHOLDER%, which a script may replace before it applies the file.",
  check: ({ refusals }) => refusals.filter(({ kind }) => kind === "rendered"),
};
