export interface Token {
  readonly type: string;
  readonly value: string;
  /** The number of an integer or float token. */
  readonly number?: unknown;
  readonly line: number;
  readonly at: number;
}

export const OPERATORS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "+": "add",
    "-": "sub",
    "/": "div",
    "//": "floordiv",
    "*": "mul",
    "%": "mod",
    "**": "pow",
    "~": "tilde",
    "[": "lbracket",
    "]": "rbracket",
    "(": "lparen",
    ")": "rparen",
    "{": "lbrace",
    "}": "rbrace",
    "==": "eq",
    "!=": "ne",
    ">": "gt",
    ">=": "gteq",
    "<": "lt",
    "<=": "lteq",
    "=": "assign",
    ".": "dot",
    ":": "colon",
    "|": "pipe",
    ",": "comma",
    ";": "semicolon",
  }),
);

const DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  ...[...OPERATORS].map(([text, type]): [string, string] => [type, text]),
  ["block_begin", "begin of statement block"],
  ["block_end", "end of statement block"],
  ["variable_begin", "begin of print statement"],
  ["variable_end", "end of print statement"],
  ["data", "template data / text"],
  ["eof", "end of template"],
]);

export function describeToken(token: Token): string {
  return token.type === "name" ? token.value : (DESCRIPTIONS.get(token.type) ?? token.type);
}

/** Describes what was expected: a token type, or `name:` and a word. */
export function describeExpected(expected: string): string {
  return expected.startsWith("name:") ? expected.slice(5) : (DESCRIPTIONS.get(expected) ?? expected);
}

export function isToken(token: Token, expected: string): boolean {
  return expected.startsWith("name:")
    ? token.type === "name" && token.value === expected.slice(5)
    : token.type === expected;
}
