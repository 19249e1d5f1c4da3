import type { Expression } from "../parser/nodes.ts";
import { add, binary, negate, positive } from "../values/arithmetic.ts";
import { truthy } from "../values/compare.ts";
import { floatRepr } from "../values/floats.ts";
import { escapeHtml, softStr } from "../values/markup.ts";
import { str } from "../values/repr.ts";
import { isInt, Markup, PyFloat, PyUndefined, rawString } from "../values/types.ts";
import { CallCompiler } from "./calls.ts";
import type { Evaluate } from "./compilation.ts";
import { type CompileFrame, softFrame } from "./frame.ts";
import { compareBy } from "./operators.ts";

/** Operators, and the conditional expression. */
export abstract class OperationCompiler extends CallCompiler {
  protected condition(node: Extract<Expression, { kind: "condition" }>, outer: CompileFrame): Evaluate {
    const frame = softFrame(outer);
    const yes = this.expression(node.yes, frame);
    const test = this.expression(node.test, frame);
    const place = this.compilation.place(node);
    // Jinja2 takes the plain Undefined here, also in strict mode.
    const hint = `the inline if-expression on line ${node.line} evaluated to false and no else section was defined.`;
    const no = node.no ? this.expression(node.no, frame) : () => new PyUndefined({ mode: "default", hint });
    return (activation) => {
      const answer = test(activation);
      activation.runtime.place = place;
      return truthy(answer) ? yes(activation) : no(activation);
    };
  }

  protected binary(node: Extract<Expression, { kind: "binary" }>, frame: CompileFrame): Evaluate {
    const { operator } = node;
    const left = this.expression(node.left, frame);
    const right = this.expression(node.right, frame);
    const place = this.compilation.place(node);
    if (operator === "+")
      return (activation) => {
        const a = left(activation);
        const b = right(activation);
        activation.runtime.place = place;
        return add(a, b, activation.runtime.meter);
      };
    const base = operator === "**" ? this.#negativeBase(node.left, frame) : undefined;
    if (base !== undefined)
      return (activation) => {
        const b = right(activation);
        activation.runtime.place = place;
        return negate(binary("**", base, b, activation.runtime.meter));
      };
    return (activation) => {
      const a = left(activation);
      const b = right(activation);
      activation.runtime.place = place;
      return binary(operator, a, b, activation.runtime.meter);
    };
  }

  /** A folded negative base is written as `-3 ** x`, which Python reads as `-(3 ** x)`: the base without its sign. */
  #negativeBase(node: Expression, frame: CompileFrame): unknown {
    if (frame.escape.volatile || node.kind === "const") return undefined;
    const constant = this.compilation.folder.fold(node);
    if (!constant) return undefined;
    const { value } = constant;
    const negative =
      value instanceof PyFloat
        ? floatRepr(value.value).startsWith("-")
        : (isInt(value) || typeof value === "number") && value < 0;
    return negative ? negate(value) : undefined;
  }

  protected logical(node: Extract<Expression, { kind: "and" | "or" }>, frame: CompileFrame): Evaluate {
    const left = this.expression(node.left, frame);
    const right = this.expression(node.right, frame);
    const place = this.compilation.place(node);
    const stopsAt = node.kind === "or";
    return (activation) => {
      const first = left(activation);
      activation.runtime.place = place;
      return truthy(first) === stopsAt ? first : right(activation);
    };
  }

  protected unary(node: Extract<Expression, { kind: "not" | "neg" | "pos" }>, frame: CompileFrame): Evaluate {
    const inner = this.expression(node.node, frame);
    const place = this.compilation.place(node);
    const operation = { not: (value: unknown) => !truthy(value), neg: negate, pos: positive }[node.kind];
    return (activation) => {
      const value = inner(activation);
      activation.runtime.place = place;
      return operation(value);
    };
  }

  protected safe(node: Expression, frame: CompileFrame): Evaluate {
    const inner = this.expression(node, frame);
    return (activation) => {
      const value = inner(activation);
      return truthy(activation.context.escape.autoescape) ? new Markup(str(value)) : value;
    };
  }

  protected concat(node: Extract<Expression, { kind: "concat" }>, frame: CompileFrame): Evaluate {
    const items = node.items.map((item) => this.expression(item, frame));
    const place = this.compilation.place(node);
    const { volatile } = frame.escape;
    // Where only the render knows, Jinja2 asks whether the context is volatile, which it never is.
    const markup = !volatile && truthy(frame.escape.autoescape);
    return (activation) => {
      const values = items.map((item) => item(activation));
      activation.runtime.place = place;
      if (markup) return joinMarkup(values);
      let text = "";
      for (const value of values) text += typeof value === "string" ? value : str(value);
      activation.runtime.meter.repeat(text.length);
      return text;
    };
  }

  protected compare(node: Extract<Expression, { kind: "compare" }>, frame: CompileFrame): Evaluate {
    const first = this.expression(node.first, frame);
    const place = this.compilation.place(node);
    const operands = node.operands.map(({ operator, value }) => ({
      compare: compareBy[operator],
      value: this.expression(value, frame),
    }));
    const [only] = operands;
    if (operands.length === 1 && only)
      return (activation) => {
        const left = first(activation);
        const right = only.value(activation);
        activation.runtime.place = place;
        return only.compare(left, right);
      };
    return (activation) => {
      let left = first(activation);
      for (const { compare, value } of operands) {
        const right = value(activation);
        activation.runtime.place = place;
        if (!compare(left, right)) return false;
        left = right;
      }
      return true;
    };
  }
}

/** Text once safe text is among it stays safe, and what follows is escaped. */
function joinMarkup(values: readonly unknown[]): string | Markup {
  const parts = values.map(softStr);
  if (!parts.some((part) => part instanceof Markup)) return parts.map(rawString).join("");
  return new Markup(parts.map((part) => escapeHtml(part).value).join(""));
}
