import type { Expression } from "../parser/nodes.ts";
import type { Activation } from "../runtime/context.ts";
import { getAttribute, getItem, getSlice } from "../values/access.ts";
import { dictSet } from "../values/dict.ts";
import { PySlice, PyTuple, type PyUndefined } from "../values/types.ts";
import { childrenOf, descendants } from "./children.ts";
import { type Evaluate, read } from "./compilation.ts";
import { constantValue } from "./constants.ts";
import { isPlain } from "./fold.ts";
import type { CompileFrame } from "./frame.ts";
import { OperationCompiler } from "./operations.ts";

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

export class ExpressionCompiler extends OperationCompiler {
  override expression(node: Expression, frame: CompileFrame): Evaluate {
    if (FOLDED.has(node.kind) && !frame.escape.volatile) {
      const { folder } = this.compilation;
      const constant = folder.fold(node);
      if (constant && isPlain(constant.value)) {
        // Jinja2 folds from the inside out, so an error inside is raised even where the whole does not need it.
        for (const inside of descendants(childrenOf(node))) folder.fold(inside as Expression);
        return constantValue(constant.value, () => this.compilation.place(node));
      }
    }
    return this.#unfolded(node, frame);
  }

  #unfolded(node: Expression, frame: CompileFrame): Evaluate {
    switch (node.kind) {
      case "const":
        return constantValue(node.value, () => this.compilation.place(node));
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
        return this.condition(node, frame);
      case "binary":
        return this.binary(node, frame);
      case "and":
      case "or":
        return this.logical(node, frame);
      case "not":
      case "neg":
      case "pos":
        return this.unary(node, frame);
      case "safe":
        return this.safe(node.node, frame);
      case "concat":
        return this.concat(node, frame);
      case "compare":
        return this.compare(node, frame);
      case "getattr":
        return this.#getAttribute(node, frame);
      case "getitem":
        return this.#getItem(node, frame);
      case "slice":
        return this.#slice(node, frame);
      case "filter":
        return this.filter(node, frame, undefined);
      case "test":
        return this.test(node, frame);
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
}

function undefinedName(name: string, { context }: Activation): PyUndefined {
  return context.runtime.missing({
    name,
    candidates: () => [...context.vars.keys(), ...context.layers.flatMap((layer) => [...layer.keys()])],
  });
}
