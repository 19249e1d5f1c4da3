import { raise } from "../errors.ts";
import { callFilter, type Filter } from "../filters/filter.ts";
import { methodsOf } from "../methods/tables.ts";
import type { Arguments, CallNode, Expression, FilterNode, TestNode } from "../parser/nodes.ts";
import { callValue, spreadKwargs } from "../runtime/call.ts";
import type { Activation } from "../runtime/context.ts";
import { getAttribute } from "../values/access.ts";
import { NO_KWARGS } from "../values/callable.ts";
import { findIterator, iterate } from "../values/iterate.ts";
import { type Kwargs, typeName } from "../values/types.ts";
import { type Compilation, type Evaluate } from "./compilation.ts";
import type { CompileFrame } from "./frame.ts";

/** Calls, filters and tests, and their arguments. */
export abstract class CallCompiler {
  readonly compilation: Compilation;

  constructor(compilation: Compilation) {
    this.compilation = compilation;
  }

  abstract expression(node: Expression, frame: CompileFrame): Evaluate;

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

  protected test(node: TestNode, frame: CompileFrame): Evaluate {
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
