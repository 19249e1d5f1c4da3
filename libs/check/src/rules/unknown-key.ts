import { violationsOf } from "../schema/violations.ts";
import type { Rule } from "../rule.ts";

export const unknownKey: Rule = {
  id: "unknown-key",
  level: "warning",
  about:
    "A key that nothing reads: any unknown one in service.yaml; in configuration, where services may have keys of their own, one that is nearly a known one.",
  check: (context) => violationsOf(context, "unknown-key"),
};
