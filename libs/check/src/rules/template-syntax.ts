import type { Rule } from "../rule.ts";

export const templateSyntax: Rule = {
  id: "template-syntax",
  level: "error",
  about: "A template is no valid Jinja2.",
  *check({ templates }) {
    for (const { file, failure } of templates) {
      if (failure?.kind === "syntax")
        yield { file, line: failure.line, column: failure.column, message: failure.message };
    }
  },
};
