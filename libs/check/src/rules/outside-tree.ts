import type { Rule } from "../rule.ts";

export const outsideTree: Rule = {
  id: "outside-tree",
  level: "error",
  about: "A link leads out of the tree: another machine would not find what it points at.",
  check: ({ refusals }) => refusals.filter(({ kind }) => kind === "outside"),
};
