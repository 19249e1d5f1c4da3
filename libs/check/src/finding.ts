export type Level = "error" | "warning" | "hint";

/** One mistake at one place. Lines and columns count from 1. */
export interface Finding {
  readonly rule: string;
  readonly level: Level;
  /** Relative to the tree root. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What a rule says; who runs it adds the rule's id and level. */
export interface Mistake {
  /** Where this one does not have the rule's. */
  readonly level?: Level | undefined;
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly message: string;
}

export function compareFindings(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  if (a.line !== b.line) return a.line - b.line;
  if (a.column !== b.column) return a.column - b.column;
  return a.rule < b.rule ? -1 : Number(a.rule > b.rule);
}

/** Names of a tree may hold line ends and control characters; a message is one line. */
export function shown(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 197)}...` : text;
  return short.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    JSON.stringify(character).slice(1, -1),
  );
}
