// Splits a template into tokens, one at a time: an error of the parser must come before an error of the lexer
// that stands further down.
import { raise } from "../errors.ts";
import { SPACE_CLASS, stripEnd } from "../values/strings.ts";
import { toFloat, toInt } from "../values/types.ts";
import type { LexerOptions, Source } from "./source.ts";
import { unescapeLiteral } from "./string-literal.ts";
import { OPERATORS, type Token } from "./tokens.ts";

type State = "root" | "block_begin" | "variable_begin" | "linestatement_begin";

const S = `[${SPACE_CLASS}]`;
const WHITESPACE = new RegExp(`${S}+`, "y");
const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const NAME = /[\p{L}\p{N}_\p{XID_Continue}]+/uy;
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const STRING = /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/sy;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y;
const CLOSING: ReadonlyMap<string, string> = new Map([
  ["{", "}"],
  ["(", ")"],
  ["[", "]"],
]);
const MAX_DIGITS = 4300;

interface Rules {
  readonly begin: RegExp;
  readonly blockEnd: RegExp;
  readonly variableEnd: RegExp;
  readonly commentEnd: RegExp;
  readonly rawEnd: RegExp;
  readonly lineEnd: RegExp;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

function rulesFor(options: LexerOptions): Rules {
  const lineStart = "(?:^|(?<=\\n))";
  const begins: [length: number, name: string, pattern: string][] = [
    [2, "comment_begin", "\\{#"],
    [2, "block_begin", "\\{%"],
    [2, "variable_begin", "\\{\\{"],
  ];
  const { lineStatementPrefix: statement, lineCommentPrefix: comment } = options;
  if (statement !== undefined)
    begins.push([
      statement.length,
      "linestatement_begin",
      `${lineStart}[ \\t\\v]*${escapePattern(statement)}`,
    ]);
  if (comment !== undefined)
    begins.push([
      comment.length,
      "linecomment_begin",
      `(?:${lineStart}|(?<=[^${SPACE_CLASS}]))(?:(?![\\r\\n])${S})*${escapePattern(comment)}`,
    ]);
  // The longest delimiter wins, as in Jinja2; among equals the order of their names decides.
  begins.sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? 1 : -1));
  const raw = `(?<raw_begin>\\{%(?<raw_sign>[-+]?)${S}*raw${S}*(?:-%\\}${S}*|%\\}))`;
  const alternatives = begins.map(([, name, pattern]) => `(?<${name}>${pattern}(?<${name}_sign>[-+]?))`);
  const newline = options.trimBlocks ? "\\n?" : "";
  const blockEnd = `(?:\\+%\\}|-%\\}${S}*|%\\}${newline})`;
  return {
    begin: new RegExp([raw, ...alternatives].join("|"), "g"),
    blockEnd: new RegExp(blockEnd, "y"),
    variableEnd: new RegExp(`-\\}\\}${S}*|\\}\\}`, "y"),
    commentEnd: new RegExp(`\\+#\\}|-#\\}${S}*|#\\}${newline}`, "g"),
    rawEnd: new RegExp(`\\{%(?<sign>[-+]?)${S}*endraw${S}*${blockEnd}`, "g"),
    lineEnd: new RegExp(`${S}*(?:\\n|(?=\\n)|$)`, "y"),
  };
}

const ruleCache = new Map<string, Rules>();

function cachedRules(options: LexerOptions): Rules {
  const key = JSON.stringify([options.trimBlocks, options.lineStatementPrefix, options.lineCommentPrefix]);
  let rules = ruleCache.get(key);
  if (!rules) ruleCache.set(key, (rules = rulesFor(options)));
  return rules;
}

export class Lexer {
  readonly source: Source;
  readonly #text: string;
  readonly #options: LexerOptions;
  readonly #rules: Rules;
  readonly #queue: Token[] = [];
  readonly #brackets: string[] = [];
  #state: State = "root";
  #at = 0;
  #line = 1;
  #counted = 0;
  #lineStarting = true;

  constructor(source: Source, options: LexerOptions) {
    this.source = source;
    this.#text = source.text;
    this.#options = options;
    this.#rules = cachedRules(options);
  }

  /** The next token; `undefined` at the end of the text. */
  next(): Token | undefined {
    while (this.#queue.length === 0) {
      if (this.#state === "root") {
        if (!this.#root()) return undefined;
      } else {
        const token = this.#code();
        if (token || this.#at >= this.#text.length) return token;
      }
    }
    return this.#queue.shift();
  }

  #lineAt(offset: number): number {
    for (
      let at = this.#text.indexOf("\n", this.#counted);
      at >= 0 && at < offset;
      at = this.#text.indexOf("\n", at + 1)
    ) {
      this.#line++;
      this.#counted = at + 1;
    }
    return this.#line;
  }

  #fail(message: string, at: number): never {
    throw this.source.error("TemplateSyntaxError", message, { line: this.#lineAt(at), at });
  }

  #push(type: string, value: string, at: number): void {
    this.#queue.push({ type, value, at, line: this.#lineAt(at) });
  }

  #pushData(text: string, at: number): void {
    if (text !== "") this.#push("data", text, at);
  }

  /** Text up to the next tag; false at the end. */
  #root(): boolean {
    const text = this.#text;
    if (this.#at >= text.length) return false;
    const { begin } = this.#rules;
    begin.lastIndex = this.#at;
    const match = begin.exec(text);
    if (!match) {
      this.#pushData(text.slice(this.#at), this.#at);
      this.#at = text.length;
      return this.#queue.length > 0;
    }
    const groups = match.groups ?? {};
    const name = Object.keys(groups).find((key) => !key.endsWith("_sign") && groups[key] !== undefined) ?? "";
    const sign = groups[name === "raw_begin" ? "raw_sign" : `${name}_sign`] ?? "";
    this.#pushData(this.#strip(text.slice(this.#at, match.index), sign, name === "variable_begin"), this.#at);
    this.#at = match.index + match[0].length;
    this.#lineStarting = match[0].endsWith("\n");
    this.#open(name, match);
    return true;
  }

  #open(name: string, match: RegExpExecArray): void {
    if (name === "comment_begin") this.#comment(match.index);
    else if (name === "raw_begin") this.#raw(match.index);
    else if (name === "linecomment_begin") {
      const end = this.#text.indexOf("\n", this.#at);
      this.#at = end < 0 ? this.#text.length : end;
    } else {
      this.#state = name as State;
      this.#push(name === "linestatement_begin" ? "block_begin" : name, match[0], match.index);
    }
  }

  #strip(text: string, sign: string, variable: boolean): string {
    if (sign === "-") return stripEnd(text);
    if (sign === "+" || !this.#options.lstripBlocks || variable) return text;
    const start = text.lastIndexOf("\n") + 1;
    if (start === 0 && !this.#lineStarting) return text;
    return start < text.length && stripEnd(text.slice(start)) === "" ? text.slice(0, start) : text;
  }

  #comment(opened: number): void {
    const { commentEnd } = this.#rules;
    commentEnd.lastIndex = this.#at;
    const match = commentEnd.exec(this.#text);
    if (match) this.#finish(match);
    else if (this.#at < this.#text.length) this.#fail("Missing end of comment tag", opened);
  }

  #raw(opened: number): void {
    const { rawEnd } = this.#rules;
    rawEnd.lastIndex = this.#at;
    const match = rawEnd.exec(this.#text);
    if (match) {
      const text = this.#text.slice(this.#at, match.index);
      this.#pushData(this.#strip(text, match.groups?.["sign"] ?? "", false), this.#at);
      this.#finish(match);
    } else if (this.#at < this.#text.length) {
      // The tag itself may end in newlines, and Jinja2 reports where it looks from.
      this.#fail("Missing end of raw directive", Math.max(opened, this.#at));
    }
  }

  #finish(match: RegExpExecArray): void {
    this.#at = match.index + match[0].length;
    this.#lineStarting = match[0].endsWith("\n");
  }

  /** One token inside a tag; `undefined` for whitespace and at the end. */
  #code(): Token | undefined {
    const end = this.#brackets.length === 0 ? this.#endTag() : undefined;
    if (end) return end;
    if (this.#match(WHITESPACE)) return undefined;
    const at = this.#at;
    const line = this.#lineAt(at);
    const float = this.#match(FLOAT);
    if (float !== undefined)
      return { type: "float", value: float, number: toFloat(Number(float.replaceAll("_", ""))), at, line };
    const integer = this.#match(INTEGER);
    if (integer !== undefined)
      return { type: "integer", value: integer, number: parseInteger(integer), at, line };
    const name = this.#match(NAME);
    if (name !== undefined) {
      if (!IDENTIFIER.test(name)) this.#fail("Invalid character in identifier", at);
      return { type: "name", value: name, at, line };
    }
    const string = this.#match(STRING);
    if (string !== undefined) {
      const value = unescapeLiteral(string.slice(1, -1), (message) => this.#fail(message, at));
      return { type: "string", value, at, line };
    }
    const operator = this.#match(OPERATOR);
    if (operator !== undefined) return this.#operator(operator, { at, line });
    if (at >= this.#text.length) return undefined;
    const char = String.fromCodePoint(this.#text.codePointAt(at) ?? 0);
    const shown = char === "'" ? `"'"` : `'${char === "\\" ? "\\\\" : char}'`;
    return this.#fail(`unexpected char ${shown} at ${at}`, at);
  }

  #endTag(): Token | undefined {
    const at = this.#at;
    const { blockEnd, variableEnd, lineEnd } = this.#rules;
    const inVariable = this.#state === "variable_begin";
    const rule = inVariable ? variableEnd : this.#state === "linestatement_begin" ? lineEnd : blockEnd;
    const matched = this.#match(rule);
    if (matched === undefined) return undefined;
    this.#state = "root";
    this.#lineStarting = matched.endsWith("\n");
    return { type: inVariable ? "variable_end" : "block_end", value: matched, at, line: this.#lineAt(at) };
  }

  #match(rule: RegExp): string | undefined {
    rule.lastIndex = this.#at;
    const match = rule.exec(this.#text);
    if (!match) return undefined;
    this.#at += match[0].length;
    return match[0];
  }

  #operator(value: string, { at, line }: { at: number; line: number }): Token {
    const closing = CLOSING.get(value);
    if (closing !== undefined) this.#brackets.push(closing);
    else if (value === "}" || value === ")" || value === "]") {
      const expected = this.#brackets.pop();
      if (expected === undefined) this.#fail(`unexpected '${value}'`, at);
      if (expected !== value) this.#fail(`unexpected '${value}', expected '${expected}'`, at);
    }
    return { type: OPERATORS.get(value) ?? "operator", value, at, line };
  }
}

function parseInteger(text: string): number | bigint {
  const digits = text.replaceAll("_", "");
  if (digits.length > MAX_DIGITS && /^\d+$/.test(digits))
    return raise(
      "ValueError",
      `Exceeds the limit (4300 digits) for integer string conversion: value has ${digits.length} digits; use sys.set_int_max_str_digits() to increase the limit`,
    );
  return toInt(BigInt(digits));
}
