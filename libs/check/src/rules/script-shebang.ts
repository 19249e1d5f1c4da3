import { scriptsOf } from "../service-files.ts";
import { textIn } from "../tree.ts";
import type { Rule } from "../rule.ts";

export const scriptShebang: Rule = {
  id: "script-shebang",
  level: "warning",
  about:
    "Something stands before the #! of a script (an empty line, a blank, a byte order mark), so it is only a comment.",
  *check({ services, tree }) {
    for (const file of [...services.values()].flatMap(scriptsOf)) {
      const text = textIn(tree, file);
      const before = /^(?:\uFEFF\s*|\s+)(?=#!)/.exec(text ?? "")?.[0];
      if (before === undefined) continue;
      const mark = before.startsWith("\uFEFF") ? "a byte order mark" : "an empty line or a blank";
      yield { file, message: `${mark} stands before #!; bash runs the first line as a command or comment` };
    }
  },
};
