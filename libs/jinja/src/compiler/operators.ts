import type { CompareOperator } from "../parser/nodes.ts";
import { equals, ordered } from "../values/compare.ts";
import { contains } from "../values/iterate.ts";

export const compareBy: Readonly<Record<CompareOperator, (left: unknown, right: unknown) => boolean>> = {
  eq: equals,
  ne: (left, right) => !equals(left, right),
  lt: (left, right) => ordered(left, right, "<"),
  lteq: (left, right) => ordered(left, right, "<="),
  gt: (left, right) => ordered(left, right, ">"),
  gteq: (left, right) => ordered(left, right, ">="),
  in: (left, right) => contains(right, left),
  notin: (left, right) => !contains(right, left),
};
