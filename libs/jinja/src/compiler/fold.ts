// Jinja2 evaluates constant expressions when it compiles. What can be seen of that is kept: errors that come at
// compile time, branches that vanish with what is wrong in them, and the way folded numbers are written into code.
import { Raised } from "../errors.ts";
import type { Arguments, Expression, FilterNode, TestNode } from "../parser/nodes.ts";
import type { Context } from "../runtime/context.ts";
import type { Host } from "../runtime/runtime.ts";
import { getAttribute, getItem } from "../values/access.ts";
import { binary, negate, positive } from "../values/arithmetic.ts";
import { truthy } from "../values/compare.ts";
import { dictSet } from "../values/dict.ts";
import { iterate } from "../values/iterate.ts";
import { str } from "../values/repr.ts";
import { Markup, PyFloat, PySlice, PyTuple } from "../values/types.ts";
import { callFilter } from "../filters/filter.ts";
import { compareBy } from "./operators.ts";
import type { EscapeState } from "./frame.ts";

/** The value of a constant expression, or `undefined`. */
export type Constant = { readonly value: unknown } | undefined;

type GuardedNode = Extract<
  Expression,
  { kind: "binary" | "not" | "neg" | "pos" | "compare" | "getattr" | "getitem" | "filter" | "test" }
>;

export class Folder {
  readonly #host: Host;
  readonly #context: Context;
  readonly #escape: EscapeState;
  readonly #known = new WeakMap<Expression, { readonly volatile: boolean; readonly constant: Constant }>();

  /** `context` stands in for the one a render would have; filters that need a real one are not folded. */
  constructor(host: Host, context: Context, escape: EscapeState) {
    this.#host = host;
    this.#context = context;
    this.#escape = escape;
  }

  /** Raises where Jinja2's compiler would. */
  fold(node: Expression): Constant {
    const { volatile } = this.#escape;
    const known = this.#known.get(node);
    if (known && known.volatile === volatile) return known.constant;
    const constant = this.#compute(node);
    this.#known.set(node, { volatile, constant });
    return constant;
  }

  #compute(node: Expression): Constant {
    switch (node.kind) {
      case "const":
        return node;
      case "data":
        if (this.#escape.volatile) return undefined;
        return { value: truthy(this.#escape.autoescape) ? new Markup(node.text) : node.text };
      case "name":
      case "nsref":
      case "call":
      case "safe":
        return undefined;
      case "tuple":
      case "list": {
        const items = this.#all(node.items);
        return items && { value: node.kind === "list" ? items : new PyTuple(items) };
      }
      case "dict": {
        const dict = new Map<unknown, unknown>();
        for (const pair of node.pairs) {
          const folded = this.#all([pair.key, pair.value]);
          if (!folded) return undefined;
          dictSet(dict, folded[0], folded[1]);
        }
        return { value: dict };
      }
      case "condition":
        return this.#condition(node);
      case "and":
      case "or": {
        const left = this.fold(node.left);
        if (!left) return undefined;
        return truthy(left.value) === (node.kind === "or") ? left : this.fold(node.right);
      }
      case "concat": {
        // One after the other: what cannot be text is an error even when a later item is no constant.
        let text = "";
        for (const item of node.items) {
          const constant = this.fold(item);
          if (!constant) return undefined;
          text += str(constant.value);
        }
        return { value: text };
      }
      case "slice": {
        const parts = [node.start, node.stop, node.step].map((part) =>
          part ? this.fold(part) : { value: null },
        );
        const [start, stop, step] = parts;
        return start && stop && step
          ? { value: new PySlice(start.value, stop.value, step.value) }
          : undefined;
      }
      case "binary":
      case "not":
      case "neg":
      case "pos":
      case "compare":
      case "getattr":
      case "getitem":
      case "filter":
      case "test":
        return this.#guarded(node);
    }
  }

  #condition(node: Extract<Expression, { kind: "condition" }>): Constant {
    const test = this.fold(node.test);
    if (!test) return undefined;
    if (truthy(test.value)) return this.fold(node.yes);
    return node.no && this.fold(node.no);
  }

  /** Expressions whose failure only means that they are left for the render. */
  #guarded(node: GuardedNode): Constant {
    switch (node.kind) {
      case "binary": {
        const operands = this.#all([node.left, node.right]);
        return (
          operands &&
          attempt(() => binary(node.operator, operands[0], operands[1], this.#context.runtime.meter))
        );
      }
      case "not":
      case "neg":
      case "pos": {
        const inner = this.fold(node.node);
        const operation = { not: (value: unknown) => !truthy(value), neg: negate, pos: positive }[node.kind];
        return inner && attempt(() => operation(inner.value));
      }
      case "compare":
        return this.#compare(node);
      case "getattr": {
        const owner = this.fold(node.node);
        return owner && attempt(() => getAttribute(owner.value, node.name, this.#context.runtime));
      }
      case "getitem": {
        const owner = this.fold(node.node);
        const key = owner && this.fold(node.key);
        return key && attempt(() => getItem(owner.value, key.value, this.#context.runtime));
      }
      case "filter":
        return node.node && this.#call(node, node.node, this.#host.filter(node.name));
      case "test":
        return this.#call(node, node.node, this.#host.test(node.name));
    }
  }

  #compare(node: Extract<Expression, { kind: "compare" }>): Constant {
    const first = this.fold(node.first);
    if (!first) return undefined;
    let left = first.value;
    for (const { operator, value } of node.operands) {
      const right = this.fold(value);
      if (!right) return undefined;
      const answer = attempt(() => compareBy[operator](left, right.value));
      if (!answer?.value) return answer;
      left = right.value;
    }
    return { value: true };
  }

  #call(node: FilterNode | TestNode, subject: Expression, filter: ReturnType<Host["filter"]>): Constant {
    if (this.#escape.volatile || !filter || filter.needsContext) return undefined;
    const args = this.#arguments(node);
    const value = args && this.fold(subject);
    if (!value) return undefined;
    this.#context.escape.autoescape = this.#escape.autoescape;
    return attempt(() => callFilter(filter, [value.value, ...args.args], args.kwargs, this.#context));
  }

  #arguments(node: Arguments): { args: unknown[]; kwargs: Map<string, unknown> } | undefined {
    const args = this.#all(node.args);
    const values = args && this.#all(node.kwargs.map(({ value }) => value));
    if (!values) return undefined;
    const kwargs = new Map(node.kwargs.map(({ name }, index): [string, unknown] => [name, values[index]]));
    if (node.dynamicArgs) {
      const more = this.fold(node.dynamicArgs);
      const items = more && attempt(() => [...iterate(more.value)]);
      if (!items) return undefined;
      args.push(...(items.value as unknown[]));
    }
    if (node.dynamicKwargs) {
      const more = this.fold(node.dynamicKwargs);
      if (!(more?.value instanceof Map)) return undefined;
      for (const [key, value] of more.value) kwargs.set(String(key), value);
    }
    return { args, kwargs };
  }

  #all(nodes: readonly Expression[]): unknown[] | undefined {
    const values: unknown[] = [];
    for (const node of nodes) {
      const constant = this.fold(node);
      if (!constant) return undefined;
      values.push(constant.value);
    }
    return values;
  }
}

function attempt(compute: () => unknown): Constant {
  try {
    return { value: compute() };
  } catch (error) {
    if (error instanceof Raised) return undefined;
    throw error;
  }
}

/** Whether Jinja2 can write the value into the code it makes. */
export function isPlain(value: unknown): boolean {
  if (value === null || typeof value !== "object") return true;
  if (value instanceof PyFloat || value instanceof Markup) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  if (value instanceof PyTuple) return value.constructor === PyTuple && value.items.every(isPlain);
  return value instanceof Map && [...value].every(([key, item]) => isPlain(key) && isPlain(item));
}
