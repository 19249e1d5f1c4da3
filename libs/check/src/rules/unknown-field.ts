import { fieldMistakes } from "../kubernetes/field-mistakes.ts";
import type { Rule } from "../rule.ts";

export const unknownField: Rule = {
  id: "unknown-field",
  level: "error",
  about: "A field of an object does not exist in Kubernetes' schema, so the API server refuses or drops it.",
  check: (context) => fieldMistakes(context, "unknown-field"),
};
