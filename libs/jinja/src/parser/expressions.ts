import type { BinaryOperator, CompareOperator, Expression } from "./nodes.ts";
import { PostfixParser } from "./postfix.ts";

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
/** Jinja2's precedence, from the loosest operator to the tightest; each level calls the next. */
export class ExpressionParser extends PostfixParser {
  override parseExpression(withCondition = true): Expression {
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
    node = this.postfix(node);
    return withFilter ? this.filtered(node) : node;
  }
}
