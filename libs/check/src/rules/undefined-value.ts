import { isUnread, missingSetting } from "../setting-place.ts";
import type { Rule } from "../rule.ts";

export const undefinedValue: Rule = {
  id: "undefined-value",
  level: "warning",
  about:
    "A template prints something that is not defined: it comes out empty. Tests for it, such as `is defined`, `default` and `if`, are no mistake.",
  *check(context) {
    for (const { file, undefinedValue: value } of context.templates) {
      if (!value) continue;
      const { line, column, missing, message } = value;
      if (missing && isUnread(context, missing)) continue;
      yield {
        file,
        line,
        column,
        message: `${missing ? missingSetting(context, missing) : message}; it comes out empty`,
      };
    }
  },
};
