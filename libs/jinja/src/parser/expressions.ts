import type {
  Arguments,
  BinaryOperator,
  CallNode,
  CompareOperator,
  Expression,
  FilterNode,
  SliceNode,
  TupleNode,
} from "./nodes.ts";
import type { TokenStream } from "./stream.ts";
import { describeToken, type Token } from "./tokens.ts";

const COMPARE = new Set(["eq", "ne", "lt", "lteq", "gt", "gteq"]);
const SUM: ReadonlyMap<string, BinaryOperator> = new Map([
  ["add", "+"],
  ["sub", "-"],
]);
const PRODUCT: ReadonlyMap<string, BinaryOperator> = new Map([
  ["mul", "*"],
  ["div", "/"],
  ["floordiv", "//"],
  ["mod", "%"],
]);
const POWER: ReadonlyMap<string, BinaryOperator> = new Map([["pow", "**"]]);
const TEST_ARGUMENT = new Set(["name", "string", "integer", "float", "lparen", "lbracket", "lbrace"]);
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

/** Jinja2's precedence, from the loosest operator to the tightest; each level calls the next. */
export class ExpressionParser {
  readonly stream: TokenStream;

  constructor(stream: TokenStream) {
    this.stream = stream;
  }

  parseExpression(withCondition = true): Expression {
    return withCondition ? this.#condition() : this.#or();
  }

  #condition(): Expression {
    const { stream } = this;
    let { line } = stream.current;
    let result = this.#or();
    while (stream.is("name:if")) {
      const { at } = stream.next();
      const test = this.#or();
      const no = stream.skipIf("name:else") ? this.#condition() : undefined;
      result = { kind: "condition", test, yes: result, no, line, at };
      line = stream.current.line;
    }
    return result;
  }

  #or(): Expression {
    const { stream } = this;
    let { line } = stream.current;
    let left = this.#and();
    while (stream.is("name:or")) {
      const { at } = stream.next();
      left = { kind: "or", left, right: this.#and(), line, at };
      line = stream.current.line;
    }
    return left;
  }

  #and(): Expression {
    const { stream } = this;
    let { line } = stream.current;
    let left = this.#not();
    while (stream.is("name:and")) {
      const { at } = stream.next();
      left = { kind: "and", left, right: this.#not(), line, at };
      line = stream.current.line;
    }
    return left;
  }

  #not(): Expression {
    if (!this.stream.is("name:not")) return this.#compare();
    const { line, at } = this.stream.next();
    return { kind: "not", node: this.#not(), line, at };
  }

  #compare(): Expression {
    const { stream } = this;
    let { line } = stream.current;
    const first = this.#sum();
    const operands: { operator: CompareOperator; value: Expression }[] = [];
    let at: number | undefined;
    for (;;) {
      const operator = this.#compareOperator();
      if (!operator) break;
      at ??= operator.at;
      operands.push({ operator: operator.operator, value: this.#sum() });
      line = stream.current.line;
    }
    return at === undefined ? first : { kind: "compare", first, operands, line, at };
  }

  #compareOperator(): { operator: CompareOperator; at: number } | undefined {
    const { stream } = this;
    const { type, at } = stream.current;
    if (COMPARE.has(type)) {
      stream.next();
      return { operator: type as CompareOperator, at };
    }
    if (stream.skipIf("name:in")) return { operator: "in", at };
    if (!stream.is("name:not")) return undefined;
    const ahead = stream.look();
    if (ahead.type !== "name" || ahead.value !== "in") return undefined;
    stream.next();
    stream.next();
    return { operator: "notin", at };
  }

  #binary(operators: ReadonlyMap<string, BinaryOperator>, operand: () => Expression): Expression {
    const { stream } = this;
    let { line } = stream.current;
    let left = operand();
    for (;;) {
      const operator = operators.get(stream.current.type);
      if (!operator) return left;
      const { at } = stream.next();
      left = { kind: "binary", operator, left, right: operand(), line, at };
      line = stream.current.line;
    }
  }

  #sum(): Expression {
    return this.#binary(SUM, () => this.#concat());
  }

  #concat(): Expression {
    const { stream } = this;
    const { line } = stream.current;
    const first = this.#product();
    if (stream.current.type !== "tilde") return first;
    const items = [first];
    const { at } = stream.current;
    while (stream.skipIf("tilde")) items.push(this.#product());
    return { kind: "concat", items, line, at };
  }

  #product(): Expression {
    return this.#binary(PRODUCT, () => this.#power());
  }

  #power(): Expression {
    return this.#binary(POWER, () => this.#unary(true));
  }

  #unary(withFilter: boolean): Expression {
    const { type, line, at } = this.stream.current;
    let node: Expression;
    if (type === "sub" || type === "add") {
      this.stream.next();
      node = { kind: type === "sub" ? "neg" : "pos", node: this.#unary(false), line, at };
    } else node = this.parsePrimary();
    node = this.#postfix(node);
    return withFilter ? this.#filtered(node) : node;
  }

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

  #postfix(start: Expression): Expression {
    let node = start;
    for (;;) {
      const { type } = this.stream.current;
      if (type === "dot" || type === "lbracket") node = this.#subscript(node);
      else if (type === "lparen") node = this.#call(node);
      else return node;
    }
  }

  #filtered(start: Expression): Expression {
    let node = start;
    for (;;) {
      const { type } = this.stream.current;
      if (type === "pipe") node = this.parseFilter(node) ?? node;
      else if (this.stream.is("name:is")) node = this.#test(node);
      else if (type === "lparen") node = this.#call(node);
      else return node;
    }
  }

  #subscript(node: Expression): Expression {
    const { stream } = this;
    const token = stream.next();
    const { line } = token;
    if (token.type === "dot") {
      const attribute = stream.next();
      const { at } = attribute;
      if (attribute.type === "name") return { kind: "getattr", node, name: attribute.value, line, at };
      if (attribute.type !== "integer") return stream.fail("expected name or number", attribute);
      const key: Expression = { kind: "const", value: attribute.number, line: attribute.line, at };
      return { kind: "getitem", node, key, line, at };
    }
    const keys: Expression[] = [];
    while (stream.current.type !== "rbracket") {
      if (keys.length > 0) stream.expect("comma");
      keys.push(this.#subscripted());
    }
    stream.expect("rbracket");
    const [only] = keys;
    const key: Expression =
      keys.length === 1 && only ? only : { kind: "tuple", items: keys, line, at: token.at };
    return { kind: "getitem", node, key, line, at: only?.at ?? token.at };
  }

  #subscripted(): Expression {
    const { stream } = this;
    const { line, at } = stream.current;
    const bound = (): Expression | undefined =>
      stream.is("colon", "rbracket", "comma") ? undefined : this.parseExpression();
    let start: Expression | undefined;
    if (!stream.skipIf("colon")) {
      start = this.parseExpression();
      if (!stream.skipIf("colon")) return start;
    }
    const stop = bound();
    const step = stream.skipIf("colon")
      ? stream.is("rbracket", "comma")
        ? undefined
        : this.parseExpression()
      : undefined;
    return { kind: "slice", start, stop, step, line, at } satisfies SliceNode;
  }

  parseArguments(): Arguments {
    const { stream } = this;
    const token = stream.expect("lparen");
    const args: Expression[] = [];
    const kwargs: { name: string; value: Expression }[] = [];
    let dynamicArgs: Expression | undefined;
    let dynamicKwargs: Expression | undefined;
    const ensure = (valid: boolean): void => {
      if (!valid) stream.fail("invalid syntax for function call expression", token);
    };
    for (let first = true; stream.current.type !== "rparen"; first = false) {
      if (!first) {
        stream.expect("comma");
        if (stream.is("rparen")) break;
      }
      if (stream.is("mul")) {
        ensure(dynamicArgs === undefined && dynamicKwargs === undefined);
        stream.next();
        dynamicArgs = this.parseExpression();
      } else if (stream.is("pow")) {
        ensure(dynamicKwargs === undefined);
        stream.next();
        dynamicKwargs = this.parseExpression();
      } else if (stream.is("name") && stream.look().type === "assign") {
        ensure(dynamicKwargs === undefined);
        const name = stream.next().value;
        stream.next();
        kwargs.push({ name, value: this.parseExpression() });
      } else {
        ensure(dynamicArgs === undefined && dynamicKwargs === undefined && kwargs.length === 0);
        args.push(this.parseExpression());
      }
    }
    stream.expect("rparen");
    return { args, kwargs, dynamicArgs, dynamicKwargs };
  }

  #call(node: Expression): CallNode {
    const { line, at } = this.stream.current;
    return { kind: "call", node, ...this.parseArguments(), line, at };
  }

  #dottedName(): { token: Token; name: string } {
    const token = this.stream.expect("name");
    let name = token.value;
    while (this.stream.skipIf("dot")) name += `.${this.stream.expect("name").value}`;
    return { token, name };
  }

  #optionalArguments(): Arguments {
    if (this.stream.current.type === "lparen") return this.parseArguments();
    return { args: [], kwargs: [], dynamicArgs: undefined, dynamicKwargs: undefined };
  }

  /** Every `| filter` that follows; `inline` starts without a pipe, as the filter tag does. */
  parseFilter(start: Expression | undefined, inline = false): FilterNode | undefined {
    let node: Expression | undefined = start;
    let result: FilterNode | undefined;
    for (let first = inline; first || this.stream.is("pipe"); first = false) {
      if (!first) this.stream.next();
      const { token, name } = this.#dottedName();
      node = result = {
        kind: "filter",
        node,
        name,
        ...this.#optionalArguments(),
        line: token.line,
        at: token.at,
      };
    }
    return result;
  }

  #test(node: Expression): Expression {
    const { stream } = this;
    const { line } = stream.next();
    const negated = stream.skipIf("name:not");
    const { token, name } = this.#dottedName();
    const parenthesised = stream.is("lparen");
    let given = this.#optionalArguments();
    if (
      !parenthesised &&
      TEST_ARGUMENT.has(stream.current.type) &&
      !stream.is("name:else", "name:or", "name:and")
    ) {
      if (stream.is("name:is")) return stream.fail("You cannot chain multiple tests with is");
      given = { ...given, args: [this.#postfix(this.parsePrimary())] };
    }
    const result: Expression = { kind: "test", node, name, ...given, line, at: token.at };
    return negated ? { kind: "not", node: result, line, at: token.at } : result;
  }
}
