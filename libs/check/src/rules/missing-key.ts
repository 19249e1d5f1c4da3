import { isUnread, missingSetting } from "../setting-place.ts";
import type { Rule } from "../rule.ts";

export const missingKey: Rule = {
  id: "missing-key",
  level: "error",
  about: "A template reads below a setting or variable that does not exist, which stops the deployment.",
  *check(context) {
    for (const { file, failure } of context.templates) {
      if (failure?.kind !== "undefined") continue;
      const { line, column, missing, message } = failure;
      if (missing && isUnread(context, missing)) continue;
      yield { file, line, column, message: missing ? missingSetting(context, missing) : message };
    }
  },
};
