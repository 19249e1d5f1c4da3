/** Where something stands in a template. Lines and columns count from 1. */
export interface Place {
  readonly template: string;
  readonly line: number;
  readonly column: number;
  /** Jinja2 reports the line of the outermost expression or statement; it differs from `line` only in code that spans lines. */
  readonly statementLine: number;
  readonly sourceLine?: string | undefined;
}

/** A template that was being rendered when the error happened, innermost first. */
export interface ErrorFrame {
  readonly kind: "include" | "import" | "extends" | "macro" | "block" | "loop";
  readonly name: string;
  readonly template: string;
  readonly line: number;
  readonly column: number;
}

/** Python's exception types, as Jinja2 would raise them, and the limits of this package. */
export type ErrorType =
  | "TemplateSyntaxError"
  | "TemplateAssertionError"
  | "TemplateRuntimeError"
  | "TemplateNotFound"
  | "TemplatesNotFound"
  | "UndefinedError"
  | "FilterArgumentError"
  | "AssertionError"
  | "AttributeError"
  | "IndexError"
  | "KeyError"
  | "LookupError"
  | "MemoryError"
  | "NameError"
  | "OverflowError"
  | "RecursionError"
  | "RuntimeError"
  | "SecurityError"
  | "SyntaxError"
  | "TypeError"
  | "UnboundLocalError"
  | "UnicodeEncodeError"
  | "ValueError"
  | "ZeroDivisionError"
  | "LimitError"
  | "InternalError";

/** Raised inside the package, where the place is not known; `renderTemplate` turns it into a `JinjaError`. */
export class Raised extends Error {
  readonly type: ErrorType;
  place: Place | undefined;
  /** The key that was missed and the keys that were there, for "did you mean". */
  readonly missed: { readonly name: string; readonly candidates: readonly string[] } | undefined;

  constructor(
    type: ErrorType,
    message: string,
    options: { place?: Place; missed?: Raised["missed"]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.type = type;
    this.place = options.place;
    this.missed = options.missed;
  }
}

export function raise(type: ErrorType, message: string): never {
  throw new Raised(type, message);
}

export interface JinjaErrorOptions {
  readonly type: ErrorType;
  readonly message: string;
  readonly template: string;
  readonly line?: number;
  readonly column?: number;
  readonly statementLine?: number;
  readonly sourceLine?: string;
  readonly frames?: readonly ErrorFrame[];
  readonly suggestion?: string;
  readonly cause?: unknown;
}

/** A template that cannot be compiled or rendered. Never holds a value of the context. */
export class JinjaError extends Error {
  override readonly name = "JinjaError";
  readonly type: ErrorType;
  readonly template: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly statementLine: number | undefined;
  readonly sourceLine: string | undefined;
  readonly frames: readonly ErrorFrame[];
  readonly suggestion: string | undefined;

  constructor(options: JinjaErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.type = options.type;
    this.template = options.template;
    this.line = options.line;
    this.column = options.column;
    this.statementLine = options.statementLine ?? options.line;
    this.sourceLine = options.sourceLine;
    this.frames = options.frames ?? [];
    this.suggestion = options.suggestion;
  }

  /** The error as text: message, place, source line with a caret, callers, suggestion. */
  format(): string {
    const lines = [`${this.type}: ${this.message}`];
    if (this.line !== undefined) {
      lines.push(`  at ${this.template}:${this.line}${this.column === undefined ? "" : `:${this.column}`}`);
      lines.push(...this.excerpt().map((line) => `  ${line}`));
    } else lines.push(`  in ${this.template}`);
    for (const frame of this.frames)
      lines.push(
        `  called from ${frame.template}:${frame.line}:${frame.column} (${frame.kind} ${frame.name})`,
      );
    if (this.suggestion !== undefined) lines.push(`  hint: ${this.suggestion}`);
    return lines.join("\n");
  }

  /** The source line with its number and a caret under the column. */
  excerpt(): string[] {
    if (this.line === undefined || this.sourceLine === undefined) return [];
    const label = String(this.line);
    const column = this.column ?? 1;
    const width = 100;
    // A caret far to the right of a long line is brought into view.
    const from = column > width - 10 ? column - 40 : 0;
    const shown = this.sourceLine.slice(from, from + width);
    const lead = shown.slice(0, column - 1 - from).replaceAll(/[^\t]/g, " ");
    return [
      `${label} | ${from > 0 ? "..." : ""}${shown}`,
      `${" ".repeat(label.length)} | ${from > 0 ? "   " : ""}${lead}^`,
    ];
  }
}
