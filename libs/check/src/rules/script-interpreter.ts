import { shown } from "../finding.ts";
import { scriptsOf } from "../service-files.ts";
import { textIn } from "../tree.ts";
import type { Rule } from "../rule.ts";

const shebang = /^#![ \t]*(?<interpreter>\S+)(?:[ \t]+(?<argument>\S+))?/;

export const scriptInterpreter: Rule = {
  id: "script-interpreter",
  level: "error",
  about: "A script asks for another interpreter than a shell; commands run every script with bash.",
  *check({ services, tree }) {
    for (const file of [...services.values()].flatMap(scriptsOf)) {
      const { interpreter, argument } = shebang.exec(textIn(tree, file) ?? "")?.groups ?? {};
      if (interpreter === undefined) continue;
      const program = interpreter.endsWith("/env") ? (argument ?? "") : interpreter;
      if (/(?:^|\/)(?:ba|da|k)?sh$/.test(program)) continue;
      yield { file, message: `the script is written for ${shown(program)}, but bash runs it` };
    }
  },
};
