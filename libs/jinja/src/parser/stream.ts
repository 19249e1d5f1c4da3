import { Lexer } from "./lexer.ts";
import type { LexerOptions, Source } from "./source.ts";
import { describeExpected, describeToken, isToken, type Token } from "./tokens.ts";

/** The tokens of a template: the current one, one ahead, and what was expected when it is another. */
export class TokenStream {
  readonly source: Source;
  readonly #lexer: Lexer;
  #ahead: Token | undefined;
  current: Token = { type: "initial", value: "", line: 1, at: 0 };

  constructor(source: Source, options: LexerOptions) {
    this.source = source;
    this.#lexer = new Lexer(source, options);
    this.next();
  }

  /** Goes one token ahead and gives the one that was current. */
  next(): Token {
    const token = this.current;
    if (this.#ahead) {
      this.current = this.#ahead;
      this.#ahead = undefined;
    } else if (token.type !== "eof") this.current = this.#read();
    return token;
  }

  look(): Token {
    this.#ahead ??= this.current.type === "eof" ? this.current : this.#read();
    return this.#ahead;
  }

  #read(): Token {
    const { line } = this.current;
    return this.#lexer.next() ?? { type: "eof", value: "", line, at: this.source.text.length };
  }

  is(...expected: readonly string[]): boolean {
    return expected.some((one) => isToken(this.current, one));
  }

  skipIf(expected: string): boolean {
    const found = isToken(this.current, expected);
    if (found) this.next();
    return found;
  }

  expect(expected: string): Token {
    if (isToken(this.current, expected)) return this.next();
    const wanted = describeExpected(expected);
    if (this.current.type === "eof") return this.fail(`unexpected end of template, expected '${wanted}'.`);
    return this.fail(`expected token '${wanted}', got ${quoted(describeToken(this.current))}`);
  }

  fail(message: string, at: { readonly line: number; readonly at: number } = this.current): never {
    throw this.source.error("TemplateSyntaxError", message, at);
  }
}

export function quoted(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text}'`;
}
