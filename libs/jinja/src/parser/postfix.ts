import type { Arguments, CallNode, Expression, FilterNode, SliceNode } from "./nodes.ts";
import { PrimaryParser } from "./primary.ts";
import type { Token } from "./tokens.ts";

const TEST_ARGUMENT = new Set(["name", "string", "integer", "float", "lparen", "lbracket", "lbrace"]);

/** What follows a value: attributes, items, calls, filters and tests. */
export abstract class PostfixParser extends PrimaryParser {
  protected postfix(start: Expression): Expression {
    let node = start;
    for (;;) {
      const { type } = this.stream.current;
      if (type === "dot" || type === "lbracket") node = this.#subscript(node);
      else if (type === "lparen") node = this.#call(node);
      else return node;
    }
  }

  protected filtered(start: Expression): Expression {
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
      given = { ...given, args: [this.postfix(this.parsePrimary())] };
    }
    const result: Expression = { kind: "test", node, name, ...given, line, at: token.at };
    return negated ? { kind: "not", node: result, line, at: token.at } : result;
  }
}
