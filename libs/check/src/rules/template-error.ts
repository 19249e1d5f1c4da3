import type { Rule } from "../rule.ts";

export const templateError: Rule = {
  id: "template-error",
  level: "error",
  about:
    "A template fails while it is rendered, such as by adding a number to a text or by running too long.",
  *check({ templates }) {
    for (const { file, failure } of templates) {
      if (failure?.kind === "other")
        yield { file, line: failure.line, column: failure.column, message: failure.message };
    }
  },
};
