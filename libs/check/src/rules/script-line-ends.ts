import { scriptsOf } from "../service-files.ts";
import { textIn } from "../tree.ts";
import type { Rule } from "../rule.ts";

export const scriptLineEnds: Rule = {
  id: "script-line-ends",
  level: "error",
  about: "A script has Windows line ends: bash takes the CR for a part of each command.",
  *check({ services, tree }) {
    for (const file of [...services.values()].flatMap(scriptsOf)) {
      const lines = textIn(tree, file)?.split("\n") ?? [];
      const line = lines.findIndex((each) => each.endsWith("\r"));
      if (line === -1) continue;
      yield {
        file,
        line: line + 1,
        column: lines[line]?.length,
        message: "the line ends with CR LF; bash needs LF",
      };
    }
  },
};
