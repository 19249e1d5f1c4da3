import { type ErrorType, type Place, Raised } from "../errors.ts";

export interface LexerOptions {
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
  readonly keepTrailingNewline: boolean;
  readonly lineStatementPrefix: string | undefined;
  readonly lineCommentPrefix: string | undefined;
}

/** A template's text as Jinja2 reads it: newlines are \n, and one at the very end is dropped. */
export class Source {
  readonly name: string;
  readonly text: string;

  constructor(name: string, raw: string, keepTrailingNewline: boolean) {
    const text = raw.replaceAll(/\r\n?/g, "\n");
    this.name = name;
    this.text = !keepTrailingNewline && text.endsWith("\n") ? text.slice(0, -1) : text;
  }

  lineAt(offset: number): number {
    let line = 1;
    for (let at = this.text.indexOf("\n"); at >= 0 && at < offset; at = this.text.indexOf("\n", at + 1))
      line++;
    return line;
  }

  columnAt(offset: number): number {
    return offset - this.text.lastIndexOf("\n", offset - 1);
  }

  lineText(line: number): string | undefined {
    return this.text.split("\n")[line - 1];
  }

  /** Computes line and column only when an error asks for them. */
  place(offset: number, statementLine?: number): Place {
    return new LazyPlace(this, offset, statementLine);
  }

  error(type: ErrorType, message: string, at: { readonly line: number; readonly at: number }): Raised {
    return new Raised(type, message, { place: this.place(at.at, at.line) });
  }
}

class LazyPlace implements Place {
  readonly #source: Source;
  readonly #offset: number;
  readonly #statementLine: number | undefined;

  constructor(source: Source, offset: number, statementLine: number | undefined) {
    this.#source = source;
    this.#offset = offset;
    this.#statementLine = statementLine;
  }

  get template(): string {
    return this.#source.name;
  }

  get line(): number {
    return this.#source.lineAt(this.#offset);
  }

  get column(): number {
    return this.#source.columnAt(this.#offset);
  }

  get statementLine(): number {
    return this.#statementLine ?? this.line;
  }

  get sourceLine(): string | undefined {
    return this.#source.lineText(this.line);
  }
}
