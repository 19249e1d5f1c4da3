import type { Expression, TupleNode } from "./nodes.ts";
import type { TokenStream } from "./stream.ts";
import { describeToken } from "./tokens.ts";

const CONSTANTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["none", null],
  ["None", null],
]);

interface TupleOptions {
  /** Only names and literals, as in assignment targets. */
  readonly simplified?: boolean;
  readonly withCondition?: boolean;
  readonly endsAt?: string;
  readonly inParentheses?: boolean;
}

/** Names, literals, and what stands in brackets. */
export abstract class PrimaryParser {
  readonly stream: TokenStream;

  constructor(stream: TokenStream) {
    this.stream = stream;
  }

  abstract parseExpression(withCondition?: boolean): Expression;

  parsePrimary(): Expression {
    const { stream } = this;
    const token = stream.current;
    const { line, at, value } = token;
    switch (token.type) {
      case "name":
        stream.next();
        return CONSTANTS.has(value)
          ? { kind: "const", value: CONSTANTS.get(value), line, at }
          : { kind: "name", name: value, context: "load", line, at };
      case "string": {
        let text = "";
        while (stream.current.type === "string") text += stream.next().value;
        return { kind: "const", value: text, line, at };
      }
      case "integer":
      case "float":
        stream.next();
        return { kind: "const", value: token.number, line, at };
      case "lparen": {
        stream.next();
        const inside = this.parseTuple({ inParentheses: true });
        stream.expect("rparen");
        return inside;
      }
      case "lbracket":
        return this.#list();
      case "lbrace":
        return this.#dict();
      default:
        return stream.fail(`unexpected '${describeToken(token)}'`, token);
    }
  }

  /** One expression, or a tuple when commas follow. */
  parseTuple(options: TupleOptions = {}): Expression {
    const { stream } = this;
    let { line } = stream.current;
    const { at } = stream.current;
    const items: Expression[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) stream.expect("comma");
      if (stream.is("variable_end", "block_end", "rparen")) break;
      if (options.endsAt !== undefined && stream.is(options.endsAt)) break;
      items.push(
        options.simplified ? this.parsePrimary() : this.parseExpression(options.withCondition ?? true),
      );
      if (stream.current.type !== "comma") break;
      isTuple = true;
      line = stream.current.line;
    }
    const [only] = items;
    if (!isTuple) {
      if (only) return only;
      if (!options.inParentheses)
        return stream.fail(`Expected an expression, got '${describeToken(stream.current)}'`);
    }
    return { kind: "tuple", items, line, at } satisfies TupleNode;
  }

  #list(): Expression {
    const { stream } = this;
    const { line, at } = stream.expect("lbracket");
    const items: Expression[] = [];
    while (stream.current.type !== "rbracket") {
      if (items.length > 0) stream.expect("comma");
      if (stream.current.type === "rbracket") break;
      items.push(this.parseExpression());
    }
    stream.expect("rbracket");
    return { kind: "list", items, line, at };
  }

  #dict(): Expression {
    const { stream } = this;
    const { line, at } = stream.expect("lbrace");
    const pairs: { key: Expression; value: Expression }[] = [];
    while (stream.current.type !== "rbrace") {
      if (pairs.length > 0) stream.expect("comma");
      if (stream.current.type === "rbrace") break;
      const key = this.parseExpression();
      stream.expect("colon");
      pairs.push({ key, value: this.parseExpression() });
    }
    stream.expect("rbrace");
    return { kind: "dict", pairs, line, at };
  }
}
