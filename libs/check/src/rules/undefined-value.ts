import { isUnread, missingSetting } from "../setting-place.ts";
import type { Rule } from "../rule.ts";

export const undefinedValue: Rule = {
  id: "undefined-value",
  level: "warning",
  about:
    "A template prints something that is not defined: it comes out empty. Tests for it, such as `is defined`, `default` and `if`, are no mistake.",
  *check(context) {
    for (const { file, undefinedValues = [] } of context.templates) {
      for (const { line, column, missing, message } of undefinedValues) {
        if (missing && isUnread(context, missing)) continue;
        const says = missing ? missingSetting(context, missing) : message;
        yield { file, line, column, message: `${says}; it comes out empty` };
      }
    }
  },
};
