import { nameInFolder } from "./configuration-folder.ts";
import type { Finding } from "./finding.ts";
import type { CheckContext } from "./rule.ts";
import { textIn } from "./tree.ts";

const comment = /(?:#|<!--|\/\/)\s*pai-ignore:\s*(?<rules>[a-z-]+(?:\s*,\s*[a-z-]+)*)/;

/** Whether `# pai-ignore: rule` stands in the finding's line or in the line above. */
export function isSuppressed({ file, line, rule }: Finding, context: CheckContext): boolean {
  const text = textOf(file, context);
  if (text?.includes("pai-ignore:") !== true) return false;
  const lines = text.split(/\r\n|\r|\n/);
  return [lines[line - 1], lines[line - 2]].some((each) =>
    (comment.exec(each ?? "")?.groups?.rules ?? "").split(/\s*,\s*/).includes(rule),
  );
}

function textOf(file: string, { tree, configuration }: CheckContext): string | undefined {
  const name = nameInFolder(configuration, file);
  return name === undefined ? textIn(tree, file) : textIn(configuration.tree, name);
}
