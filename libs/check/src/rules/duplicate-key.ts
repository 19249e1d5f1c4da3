import type { Rule } from "../rule.ts";

export const duplicateKey: Rule = {
  id: "duplicate-key",
  level: "warning",
  about: "A map has a key twice; the last one counts, without a word.",
  *check({ documents }) {
    for (const { file, duplicateKeys } of documents.values()) {
      for (const { key, line, column, firstLine } of duplicateKeys()) {
        yield {
          file,
          line,
          column,
          message: `"${key}" stands here for the second time; line ${firstLine} has no effect`,
        };
      }
    }
  },
};
