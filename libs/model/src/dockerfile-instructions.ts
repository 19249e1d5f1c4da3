// Splits a Dockerfile into instructions the way BuildKit's parser does: parser directives, comments,
// continuation lines and heredocs. What the instructions mean is parse-dockerfile.ts's business.

export interface Instruction {
  /** In capitals. */
  readonly keyword: string;
  /** Leading `--name=value` words; a name may come more than once. */
  readonly flags: readonly (readonly [name: string, value: string])[];
  /** The words after the flags, with quotes and escapes as written. */
  readonly words: readonly string[];
  /** Line of the keyword, from 1. */
  readonly line: number;
}

export interface DockerfileProblem {
  readonly line: number;
  readonly message: string;
}

export interface InstructionList {
  readonly instructions: readonly Instruction[];
  readonly problems: readonly DockerfileProblem[];
  /** `\` unless a parser directive says otherwise. */
  readonly escape: string;
}

const directive = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
const comment = /^\s*#/;
const heredocKeywords: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD"]);

export function readInstructions(text: string): InstructionList {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n/);
  const escape = escapeDirective(lines);
  const continued = escape === "`" ? /`[ \t]*$/ : /\\[ \t]*$/;
  const instructions: Instruction[] = [];
  const problems: DockerfileProblem[] = [];
  for (let index = 0; index < lines.length;) {
    const line = index + 1;
    let logical = "";
    let open = true;
    while (open && index < lines.length) {
      const physical = lines[index++] ?? "";
      // Comments and empty lines between continued lines are left out, as the engine does.
      if (comment.test(physical) || (logical !== "" && physical.trim() === "")) {
        open = logical !== "";
        continue;
      }
      open = continued.test(physical);
      logical += open ? physical.replace(continued, "") : physical;
    }
    const instruction = instructionOf(logical, line, escape);
    if (!instruction) continue;
    instructions.push(instruction);
    for (const heredoc of heredocsOf(instruction)) {
      const end = lines.findIndex((text, at) => at >= index && heredoc.endsAt(text));
      if (end === -1) problems.push({ line, message: `heredoc "${heredoc.name}" is never closed` });
      index = end === -1 ? lines.length : end + 1;
    }
  }
  return { instructions, problems, escape };
}

function escapeDirective(lines: readonly string[]): string {
  for (const line of lines) {
    const [, name, value] = directive.exec(line) ?? [];
    if (name === undefined) break;
    if (name.toLowerCase() === "escape") return value ?? "\\";
  }
  return "\\";
}

function instructionOf(logical: string, line: number, escape: string): Instruction | undefined {
  const [keyword, ...rest] = shellWords(logical, escape);
  if (keyword === undefined) return undefined;
  const end = rest.findIndex((word) => !word.startsWith("--"));
  const flags = end === -1 ? rest : rest.slice(0, end);
  return {
    keyword: keyword.toUpperCase(),
    flags: flags.map((flag) => {
      const [name = "", ...value] = flag.slice(2).split("=");
      return [name, value.join("=")] as const;
    }),
    words: end === -1 ? [] : rest.slice(end),
    line,
  };
}

function heredocsOf({ keyword, words }: Instruction): { name: string; endsAt: (line: string) => boolean }[] {
  if (!heredocKeywords.has(keyword)) return [];
  return words.flatMap((word) => {
    const [, dash, rest] = /^\d*<<(-?)([^<]+)$/.exec(word) ?? [];
    if (rest === undefined) return [];
    const name = rest.replaceAll(/["']/g, "");
    return [{ name, endsAt: (line: string) => (dash ? line.replace(/^\t+/, "") : line) === name }];
  });
}

/** Words as a shell splits them, quotes and escapes left in place. */
function shellWords(text: string, escape: string): string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? "";
    if (character === escape && quote !== "'") {
      word += character + (text[++index] ?? "");
    } else if (quote === "" && /\s/.test(character)) {
      if (word !== "") words.push(word);
      word = "";
    } else {
      if (quote === character) quote = "";
      else if (quote === "" && (character === '"' || character === "'")) quote = character;
      word += character;
    }
  }
  if (word !== "") words.push(word);
  return words;
}
