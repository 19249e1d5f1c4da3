import { raise } from "../errors.ts";
import { methodsOf } from "../methods/tables.ts";
import type { Arguments, CallNode, Expression, FilterNode, TestNode } from "../parser/nodes.ts";
import { callValue, spreadKwargs } from "../runtime/call.ts";
import type { Activation } from "../runtime/context.ts";
import { getAttribute, getItem, getSlice } from "../values/access.ts";
import { add, binary, negate, positive } from "../values/arithmetic.ts";
import { NO_KWARGS } from "../values/callable.ts";
import { truthy } from "../values/compare.ts";
import { dictSet } from "../values/dict.ts";
import { floatRepr } from "../values/floats.ts";
import { findIterator, iterate } from "../values/iterate.ts";
import { escapeHtml, softStr } from "../values/markup.ts";
import { intText, str } from "../values/repr.ts";
import {
  isInt,
  type Kwargs,
  Markup,
  PyFloat,
  PySlice,
  PyTuple,
  PyUndefined,
  rawString,
  typeName,
} from "../values/types.ts";
import { callFilter, type Filter } from "../filters/filter.ts";
import { childrenOf, descendants } from "./children.ts";
import { type Compilation, type Evaluate, read } from "./compilation.ts";
import { isPlain } from "./fold.ts";
import { type CompileFrame, softFrame } from "./frame.ts";
import { compareBy } from "./operators.ts";

/** Expressions that Jinja2 tries to fold when it compiles them. */
const FOLDED = new Set<Expression["kind"]>([
  "binary",
  "and",
  "or",
  "not",
  "neg",
  "pos",
  "concat",
  "compare",
  "getattr",
  "getitem",
  "filter",
  "test",
  "condition",
  "call",
]);

export class ExpressionCompiler {
  readonly compilation: Compilation;

  constructor(compilation: Compilation) {
    this.compilation = compilation;
  }

  expression(node: Expression, frame: CompileFrame): Evaluate {
    if (FOLDED.has(node.kind) && !frame.escape.volatile) {
      const { folder } = this.compilation;
      const constant = folder.fold(node);
      if (constant && isPlain(constant.value)) {
        // Jinja2 folds from the inside out, so an error inside is raised even where the whole does not need it.
        for (const inside of descendants(childrenOf(node))) folder.fold(inside as Expression);
        return this.#constant(constant.value, node);
      }
    }
    return this.#unfolded(node, frame);
  }

  /** Constants are written into code by their repr, which makes new lists and dicts each time and has no infinity. */
  #constant(value: unknown, node: Expression): Evaluate {
    const infinite = findNonFinite(value);
    if (infinite !== undefined) {
      const place = this.compilation.place(node);
      return (activation) => {
        activation.runtime.place = place;
        return raise("NameError", `name '${infinite}' is not defined`);
      };
    }
    if (value instanceof PyTuple || value instanceof Map || Array.isArray(value))
      return () => cloneConstant(value);
    if (typeof value === "bigint") intText(value);
    return () => value;
  }

  #unfolded(node: Expression, frame: CompileFrame): Evaluate {
    switch (node.kind) {
      case "const":
        return this.#constant(node.value, node);
      case "data": {
        const { text } = node;
        return () => text;
      }
      case "name":
        return this.#name(node.name, frame);
      case "nsref":
        return this.#name(node.name, frame);
      case "tuple":
        return this.#items(node.items, frame, (items) => new PyTuple(items));
      case "list":
        return this.#items(node.items, frame, (items) => items);
      case "dict":
        return this.#dict(node, frame);
      case "condition":
        return this.#condition(node, frame);
      case "binary":
        return this.#binary(node, frame);
      case "and":
      case "or":
        return this.#logical(node, frame);
      case "not":
      case "neg":
      case "pos":
        return this.#unary(node, frame);
      case "safe":
        return this.#safe(node.node, frame);
      case "concat":
        return this.#concat(node, frame);
      case "compare":
        return this.#compare(node, frame);
      case "getattr":
        return this.#getAttribute(node, frame);
      case "getitem":
        return this.#getItem(node, frame);
      case "slice":
        return this.#slice(node, frame);
      case "filter":
        return this.filter(node, frame, undefined);
      case "test":
        return this.#test(node, frame);
      case "call":
        return this.call(node, frame);
    }
  }

  #name(name: string, frame: CompileFrame): Evaluate {
    const value = read(frame.symbols.reference(name), frame.symbols.scope);
    return (activation) => {
      const found = value(activation);
      return found === undefined ? undefinedName(name, activation) : found;
    };
  }

  #items(nodes: readonly Expression[], frame: CompileFrame, make: (items: unknown[]) => unknown): Evaluate {
    const items = nodes.map((node) => this.expression(node, frame));
    return (activation) => make(items.map((item) => item(activation)));
  }

  #dict(node: Extract<Expression, { kind: "dict" }>, frame: CompileFrame): Evaluate {
    const place = this.compilation.place(node);
    const pairs = node.pairs.map(({ key, value }) => ({
      key: this.expression(key, frame),
      value: this.expression(value, frame),
    }));
    return (activation) => {
      const evaluated = pairs.map(({ key, value }) => [key(activation), value(activation)]);
      activation.runtime.place = place;
      const dict = new Map<unknown, unknown>();
      for (const [key, value] of evaluated) dictSet(dict, key, value);
      return dict;
    };
  }

  #condition(node: Extract<Expression, { kind: "condition" }>, outer: CompileFrame): Evaluate {
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

  #binary(node: Extract<Expression, { kind: "binary" }>, frame: CompileFrame): Evaluate {
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

  #logical(node: Extract<Expression, { kind: "and" | "or" }>, frame: CompileFrame): Evaluate {
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

  #unary(node: Extract<Expression, { kind: "not" | "neg" | "pos" }>, frame: CompileFrame): Evaluate {
    const inner = this.expression(node.node, frame);
    const place = this.compilation.place(node);
    const operation = { not: (value: unknown) => !truthy(value), neg: negate, pos: positive }[node.kind];
    return (activation) => {
      const value = inner(activation);
      activation.runtime.place = place;
      return operation(value);
    };
  }

  #safe(node: Expression, frame: CompileFrame): Evaluate {
    const inner = this.expression(node, frame);
    return (activation) => {
      const value = inner(activation);
      return truthy(activation.context.escape.autoescape) ? new Markup(str(value)) : value;
    };
  }

  #concat(node: Extract<Expression, { kind: "concat" }>, frame: CompileFrame): Evaluate {
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

  #compare(node: Extract<Expression, { kind: "compare" }>, frame: CompileFrame): Evaluate {
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

  #getAttribute(node: Extract<Expression, { kind: "getattr" }>, frame: CompileFrame): Evaluate {
    const owner = this.expression(node.node, frame);
    const { name } = node;
    const place = this.compilation.place(node);
    return (activation) => {
      const value = owner(activation);
      activation.runtime.place = place;
      return getAttribute(value, name, activation.runtime);
    };
  }

  #getItem(node: Extract<Expression, { kind: "getitem" }>, frame: CompileFrame): Evaluate {
    const owner = this.expression(node.node, frame);
    const key = this.expression(node.key, frame);
    const place = this.compilation.place(node);
    if (node.key.kind === "slice")
      return (activation) => {
        const value = owner(activation);
        const range = key(activation);
        activation.runtime.place = place;
        return getSlice(value, range as PySlice);
      };
    return (activation) => {
      const value = owner(activation);
      const wanted = key(activation);
      activation.runtime.place = place;
      return getItem(value, wanted, activation.runtime);
    };
  }

  #slice(node: Extract<Expression, { kind: "slice" }>, frame: CompileFrame): Evaluate {
    const [start, stop, step] = [node.start, node.stop, node.step].map((part) =>
      part ? this.expression(part, frame) : () => null,
    );
    return (activation) => new PySlice(start?.(activation), stop?.(activation), step?.(activation));
  }

  /** `text` is what a filtered block wrote; it takes the place of the expression before the first `|`. */
  filter(node: FilterNode, frame: CompileFrame, text: Evaluate | undefined): Evaluate {
    const { name } = node;
    const filter = this.compilation.host.filter(name);
    if (!filter && !frame.soft) this.compilation.fail(`No filter named '${name}'.`, node);
    const subject = node.node
      ? node.node.kind === "filter" && text
        ? this.filter(node.node, frame, text)
        : this.expression(node.node, frame)
      : (text ?? (() => ""));
    return this.#apply(node, frame, { subject, filter, missing: `No filter named '${name}' found.` });
  }

  #test(node: TestNode, frame: CompileFrame): Evaluate {
    const { name } = node;
    const test = this.compilation.host.test(name);
    if (!test && !frame.soft) this.compilation.fail(`No test named '${name}'.`, node);
    const subject = this.expression(node.node, frame);
    return this.#apply(node, frame, { subject, filter: test, missing: `No test named '${name}' found.` });
  }

  #apply(
    node: FilterNode | TestNode,
    frame: CompileFrame,
    { subject, filter, missing }: { subject: Evaluate; filter: Filter | undefined; missing: string },
  ): Evaluate {
    const args = this.#arguments(node, frame);
    const place = this.compilation.place(node);
    if (!filter)
      return (activation) => {
        subject(activation);
        const { kwargs } = args(activation);
        activation.runtime.place = place;
        // Jinja2 puts a function in its place that takes no keyword arguments.
        const [keyword] = kwargs.keys();
        if (keyword !== undefined)
          return raise("TypeError", `unexpected keyword argument '${keyword}'; ${missing}`);
        return raise("TemplateRuntimeError", missing);
      };
    if (node.args.length === 0 && node.kwargs.length === 0 && !node.dynamicArgs && !node.dynamicKwargs)
      return (activation) => {
        const value = subject(activation);
        activation.runtime.place = place;
        return callFilter(filter, [value], NO_KWARGS, activation.context);
      };
    return (activation) => {
      const value = subject(activation);
      const given = args(activation);
      activation.runtime.place = place;
      return callFilter(filter, [value, ...given.args], given.kwargs, activation.context);
    };
  }

  call(node: CallNode, frame: CompileFrame, caller?: Evaluate): Evaluate {
    const args = this.#arguments(node, frame, caller);
    const place = this.compilation.place(node);
    const callee = node.node;
    if (callee.kind === "getattr") {
      const owner = this.expression(callee.node, frame);
      const { name } = callee;
      const attributePlace = this.compilation.place(callee);
      return (activation) => {
        const self = owner(activation);
        const method = methodsOf(self)?.get(name);
        activation.runtime.place = attributePlace;
        const attribute = method ? undefined : getAttribute(self, name, activation.runtime);
        const { args: list, kwargs } = args(activation);
        activation.runtime.place = place;
        activation.runtime.meter.tick();
        return method
          ? method.call(self, list, kwargs, activation.context)
          : callValue(attribute, list, kwargs, activation.context);
      };
    }
    const called = this.expression(callee, frame);
    return (activation) => {
      const value = called(activation);
      const { args: list, kwargs } = args(activation);
      activation.runtime.place = place;
      return callValue(value, list, kwargs, activation.context);
    };
  }

  #arguments(
    node: Arguments & { readonly line: number; readonly at: number },
    frame: CompileFrame,
    caller?: Evaluate,
  ): (activation: Activation) => { args: readonly unknown[]; kwargs: Kwargs } {
    const args = node.args.map((arg) => this.expression(arg, frame));
    const named = node.kwargs.map(({ name, value }) => ({ name, value: this.expression(value, frame) }));
    if (caller) named.push({ name: "caller", value: caller });
    this.#refuseRepeated(
      named.map(({ name }) => name),
      node,
    );
    const dynamicArgs = node.dynamicArgs && this.expression(node.dynamicArgs, frame);
    const dynamicKwargs = node.dynamicKwargs && this.expression(node.dynamicKwargs, frame);
    if (named.length === 0 && !dynamicArgs && !dynamicKwargs)
      return (activation) => ({ args: args.map((arg) => arg(activation)), kwargs: NO_KWARGS });
    const place = this.compilation.place(node);
    return (activation) => {
      const list = args.map((arg) => arg(activation));
      const kwargs = new Map<string, unknown>();
      const more = dynamicArgs?.(activation);
      if (dynamicArgs) {
        activation.runtime.place = place;
        list.push(...spread(more));
      }
      for (const { name, value } of named) kwargs.set(name, value(activation));
      if (dynamicKwargs) {
        const mapping = dynamicKwargs(activation);
        activation.runtime.place = place;
        spreadKwargs(kwargs, mapping);
      }
      return { args: list, kwargs };
    };
  }

  #refuseRepeated(names: readonly string[], node: { readonly line: number; readonly at: number }): void {
    // With a Python keyword among the names, Jinja2 passes a dict, where the last one wins.
    if (names.some((name) => PYTHON_KEYWORDS.has(name))) return;
    const repeated = names.find((name, index) => names.indexOf(name) < index);
    if (repeated !== undefined) this.compilation.late(`keyword argument repeated: ${repeated}`, node);
  }
}

const PYTHON_KEYWORDS = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(
    " ",
  ),
);

function spread(value: unknown): unknown[] {
  if (!findIterator(value))
    return raise("TypeError", `Value after * must be an iterable, not ${typeName(value)}`);
  return [...iterate(value)];
}

function undefinedName(name: string, { context }: Activation): PyUndefined {
  return new PyUndefined({
    mode: context.runtime.undefinedMode,
    name,
    candidates: () => [...context.vars.keys(), ...context.layers.flatMap((layer) => [...layer.keys()])],
  });
}

/** Text once safe text is among it stays safe, and what follows is escaped. */
function joinMarkup(values: readonly unknown[]): string | Markup {
  const parts = values.map(softStr);
  if (!parts.some((part) => part instanceof Markup)) return parts.map(rawString).join("");
  return new Markup(parts.map((part) => escapeHtml(part).value).join(""));
}

function findNonFinite(value: unknown): string | undefined {
  if (value instanceof PyFloat)
    return Number.isFinite(value.value) ? undefined : floatRepr(Math.abs(value.value));
  const items = Array.isArray(value)
    ? value
    : value instanceof PyTuple
      ? value.items
      : value instanceof Map
        ? [...value].flat()
        : [];
  for (const item of items) {
    const found = findNonFinite(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function cloneConstant(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cloneConstant);
  if (value instanceof PyTuple) return new PyTuple(value.items.map(cloneConstant));
  if (!(value instanceof Map)) return value;
  const copy = new Map<unknown, unknown>();
  for (const [key, item] of value) dictSet(copy, key, cloneConstant(item));
  return copy;
}
