import { violationsOf } from "../schema/violations.ts";
import type { Rule } from "../rule.ts";

export const wrongType: Rule = {
  id: "wrong-type",
  level: "error",
  about: "A value is of another kind than its key asks for, such as a text in place of a list.",
  check: (context) => violationsOf(context, "wrong-type"),
};
