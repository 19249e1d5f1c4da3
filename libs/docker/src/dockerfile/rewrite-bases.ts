import type { Instruction } from "@pai/model";

/** One image that the text names, and what to write in its place. */
export interface BaseReplacement {
  readonly line: number;
  /** As in the text after ARG defaults: `FROM ${BASE}` is the reference that BASE holds. */
  readonly reference: string;
  readonly replacement: string;
}

/**
 * Makes FROM, `COPY --from` and `RUN --mount=from` name exact images. Line numbers stay as they are, so that
 * the engine's messages fit the file on disk.
 */
export function rewriteBases(
  text: string,
  instructions: readonly Instruction[],
  replacements: readonly BaseReplacement[],
): string {
  const lines = text.split("\n");
  for (const { line, reference, replacement } of replacements) {
    const at = instructions.findIndex((instruction) => instruction.line === line);
    const instruction = instructions[at];
    if (!instruction) continue;
    const end = (instructions[at + 1]?.line ?? lines.length + 1) - 1;
    const pattern = patternOf(instruction, reference);
    for (let index = line - 1; index < end; index++) {
      const before = lines[index] ?? "";
      const after = before.replace(pattern, (_, lead: string) => lead + replacement);
      lines[index] = after;
      // FROM names one image; the others may name the same one in several mounts.
      if (after !== before && instruction.keyword === "FROM") break;
    }
  }
  return lines.join("\n");
}

function patternOf({ keyword, words }: Instruction, reference: string): RegExp {
  const escape = (written: string): string => written.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return keyword === "FROM"
    ? new RegExp(`(^|\\s)${escape(words[0] ?? reference)}(?=\\s|$)`)
    : new RegExp(`(\\bfrom=["']?)${escape(reference)}(?=["',\\s]|$)`, "g");
}
