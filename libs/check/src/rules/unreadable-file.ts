import type { Rule } from "../rule.ts";

export const unreadableFile: Rule = {
  id: "unreadable-file",
  level: "error",
  about: "A file is too large, binary, no regular file, a link to nothing, or not readable.",
  check: ({ refusals }) => refusals.filter(({ kind }) => kind === "unreadable"),
};
