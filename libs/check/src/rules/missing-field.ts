import { fieldMistakes } from "../kubernetes/field-mistakes.ts";
import type { Rule } from "../rule.ts";

export const missingField: Rule = {
  id: "missing-field",
  level: "error",
  about: "An object lacks a field that Kubernetes needs, such as the selector of a Deployment.",
  check: (context) => fieldMistakes(context, "missing-field"),
};
