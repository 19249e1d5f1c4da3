import { violationsOf } from "../schema/violations.ts";
import type { Rule } from "../rule.ts";

export const missingSetting: Rule = {
  id: "missing-setting",
  level: "error",
  about: "A key that commands need is missing in a configuration file.",
  check: (context) => violationsOf(context, "missing-setting"),
};
