import { fieldMistakes } from "../kubernetes/field-mistakes.ts";
import type { Rule } from "../rule.ts";

export const fieldType: Rule = {
  id: "field-type",
  level: "error",
  about:
    "A field of an object has a value of another type than Kubernetes asks for, such as a number in an environment variable.",
  check: (context) => fieldMistakes(context, "field-type"),
};
