import type { Rule } from "./rule.ts";
import { rules } from "./rules/index.ts";
import { refusedConfiguration } from "./uncovered.ts";

/** Sorted by id. */
export const allRules: readonly Pick<Rule, "id" | "level" | "about">[] = [
  ...rules,
  refusedConfiguration,
].toSorted((a, b) => (a.id < b.id ? -1 : 1));
