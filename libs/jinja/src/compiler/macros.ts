import type { CallBlockNode, MacroNode, Statement } from "../parser/nodes.ts";
import { Activation } from "../runtime/context.ts";
import { Macro } from "../runtime/macro.ts";
import { findUndeclared } from "./children.ts";
import { enterPart, type Evaluate, type Run, write } from "./compilation.ts";
import { type CompileFrame, innerFrame } from "./frame.ts";
import { LoopCompiler } from "./loops.ts";
import { writeText } from "./statements.ts";
import { FunctionScope } from "./symbols.ts";

export abstract class MacroCompiler extends LoopCompiler {
  protected macro(node: MacroNode, frame: CompileFrame): Run {
    const make = this.#define(node, frame, node.name);
    const store = write(frame.symbols.reference(node.name), frame.symbols.scope);
    const { name } = node;
    return (activation) => {
      const macro = make(activation);
      if (frame.toplevel) {
        if (!name.startsWith("_")) activation.context.exported.add(name);
        activation.context.vars.set(name, macro as Macro);
      }
      store(activation, macro);
      return 0;
    };
  }

  protected callBlock(node: CallBlockNode, frame: CompileFrame): Run {
    const make = this.#define(node, frame, undefined);
    this.compilation.line = node.line;
    const call = this.call(node.call, frame, make);
    return (activation) => {
      writeText(activation, call(activation));
      return 0;
    };
  }

  /** Gives, where the definition stands, a macro that sees the variables around it. */
  #define(node: MacroNode | CallBlockNode, outer: CompileFrame, name: string | undefined): Evaluate {
    const scope = new FunctionScope(outer.symbols.scope);
    const frame = innerFrame(outer, { scope, outputCheck: false });
    const { symbols } = frame;
    symbols.analyze(node);
    const parameters = node.parameters.map((parameter) => parameter.name);
    const repeated = parameters.find((parameter, index) => parameters.indexOf(parameter) < index);
    if (repeated !== undefined)
      this.compilation.late(`duplicate argument '${repeated}' in function definition`, node);
    const special = this.#specialParameters(node, parameters);
    const slots = parameters.map((parameter) => symbols.reference(parameter).slot);
    for (const extra of special.added) slots.push(symbols.declareParameter(extra).slot);
    symbols.analyze(node);
    this.compilation.line = node.line;
    const enter = enterPart(symbols);
    const defaults = this.#defaults(node, frame);
    const body = this.outsideLoops(() => this.body(node.body, frame));
    return (activation) => {
      const { context, runtime } = activation;
      return new Macro({
        name,
        parameters,
        ...special.uses,
        body: (args) => {
          const inner = new Activation(context, scope.size, activation);
          slots.forEach((slot, index) => {
            inner.slots[slot] = args[index];
          });
          enter(inner);
          return runtime.capture(() => {
            for (const fill of defaults) fill(inner);
            body(inner);
          });
        },
      });
    };
  }

  #specialParameters(
    node: MacroNode | CallBlockNode,
    parameters: readonly string[],
  ): { added: string[]; uses: { usesCaller: boolean; usesKwargs: boolean; usesVarargs: boolean } } {
    const undeclared = findUndeclared(node.body as readonly Statement[], ["caller", "kwargs", "varargs"]);
    const added: string[] = [];
    if (undeclared.has("caller")) {
      const position = parameters.indexOf("caller");
      if (position < 0) added.push("caller");
      else if (position < parameters.length - node.defaults.length)
        this.compilation.fail(
          'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
          node,
        );
    }
    const takes = (name: string): boolean => undeclared.has(name) && !parameters.includes(name);
    if (takes("kwargs")) added.push("kwargs");
    if (takes("varargs")) added.push("varargs");
    return {
      added,
      uses: {
        usesCaller: undeclared.has("caller"),
        usesKwargs: takes("kwargs"),
        usesVarargs: takes("varargs"),
      },
    };
  }

  /** Fills the parameters no argument was given for. */
  #defaults(node: MacroNode | CallBlockNode, frame: CompileFrame): ((activation: Activation) => void)[] {
    const first = node.parameters.length - node.defaults.length;
    return node.parameters.map(({ name }, index) => {
      const { slot } = frame.symbols.reference(name);
      const fallback = node.defaults[index - first];
      const value: Evaluate = fallback
        ? this.expression(fallback, frame)
        : ({ runtime }) =>
            runtime.missing({
              hint: `parameter '${name}' was not provided`,
              name,
            });
      return (activation) => {
        if (activation.slots[slot] === undefined) activation.slots[slot] = value(activation);
      };
    });
  }
}
