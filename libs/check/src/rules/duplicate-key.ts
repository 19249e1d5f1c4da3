import { duplicateWarnings } from "@pai/model";
import type { Rule } from "../rule.ts";

export const duplicateKey: Rule = {
  id: "duplicate-key",
  level: "warning",
  about: "A map has a key twice; the last one counts. Other commands warn of it, too.",
  *check({ documents }) {
    for (const document of documents.values()) {
      for (const { message, location } of duplicateWarnings(document)) yield { ...location, message };
    }
  },
};
