import { raise } from "../errors.ts";
import type {
  AutoescapeNode,
  Expression,
  FilterBlockNode,
  IfNode,
  OutputNode,
  Statement,
  WithNode,
} from "../parser/nodes.ts";
import type { Activation } from "../runtime/context.ts";
import { truthy } from "../values/compare.ts";
import { escapeHtml } from "../values/markup.ts";
import { str } from "../values/repr.ts";
import { isString, PyUndefined, rawString, typeName } from "../values/types.ts";
import { AssignmentCompiler } from "./assignments.ts";
import { enterPart, type Evaluate, leavePart, type Run, type Signal } from "./compilation.ts";
import { type CompileFrame, innerFrame, softFrame } from "./frame.ts";

export type SpecialStatement = Extract<
  Statement,
  {
    kind:
      | "block"
      | "break"
      | "callblock"
      | "continue"
      | "extends"
      | "for"
      | "fromimport"
      | "import"
      | "include"
      | "macro";
  }
>;

/** The statements that need no other template; loops, macros and inheritance are in the classes made from it. */
export abstract class StatementCompiler extends AssignmentCompiler {
  protected abstract special(node: SpecialStatement, frame: CompileFrame): Run;
  /** A test at run time around what is written; `undefined` when nothing of it can be written. */
  protected abstract outputGuard(
    frame: CompileFrame,
  ): ((activation: Activation) => boolean) | "always" | undefined;
  /** Whether the rest of the statements can no longer be reached. */
  protected abstract stopped(): boolean;

  override body(nodes: readonly Statement[], frame: CompileFrame): Run {
    const statements: Run[] = [];
    for (const node of nodes) {
      statements.push(this.statement(node, frame));
      if (this.stopped()) break;
    }
    const [first, second] = statements;
    if (!first) return () => 0;
    if (!second) return first;
    return (activation) => {
      for (const statement of statements) {
        const signal = statement(activation);
        if (signal !== 0) return signal;
      }
      return 0;
    };
  }

  statement(node: Statement, frame: CompileFrame): Run {
    switch (node.kind) {
      case "output":
        return this.#output(node, frame);
      case "if":
        return this.#if(node, frame);
      case "assign":
        return this.assign(node, frame);
      case "assignblock":
        return this.assignBlock(node, frame);
      case "with":
        return this.#with(node, frame);
      case "filterblock":
        return this.#filterBlock(node, frame);
      case "autoescape":
        return this.#autoescape(node, frame);
      case "do": {
        this.compilation.line = node.line;
        const value = this.expression(node.node, frame);
        return (activation) => {
          value(activation);
          return 0;
        };
      }
      case "block":
      case "break":
      case "callblock":
      case "continue":
      case "extends":
      case "for":
      case "fromimport":
      case "import":
      case "include":
      case "macro":
        return this.special(node, frame);
    }
  }

  #output(node: OutputNode, frame: CompileFrame): Run {
    const guard = this.outputGuard(frame);
    if (guard === undefined) return () => 0;
    const parts: Run[] = [];
    let text = "";
    const flush = (): void => {
      const constant = text;
      if (constant !== "")
        parts.push((activation) => {
          activation.runtime.write(constant);
          return 0;
        });
      text = "";
    };
    for (const child of node.nodes) {
      const constant = this.#constant(child, frame);
      if (typeof constant === "string") text += constant;
      else {
        flush();
        parts.push(this.#print(child, frame, constant));
      }
    }
    flush();
    const run: Run = (activation) => {
      for (const part of parts) part(activation);
      return 0;
    };
    const [first, second] = parts;
    const write = first && !second ? first : run;
    return guard === "always" ? write : (activation) => (guard(activation) ? write(activation) : 0);
  }

  /**
   * What is known when the template is compiled: a text, or that it is not defined, which each render tells
   * anew. Whatever fails is left for the render.
   */
  #constant(node: Expression, frame: CompileFrame): string | PyUndefined | undefined {
    if (node.kind === "data") return node.text;
    try {
      const constant = this.compilation.folder.fold(node);
      if (!constant) return undefined;
      const { value } = constant;
      if (value instanceof PyUndefined) return value.mode === "strict" ? undefined : value;
      return truthy(frame.escape.autoescape) ? escapeHtml(value).value : str(value);
    } catch {
      return undefined;
    }
  }

  #print(node: Expression, frame: CompileFrame, missing?: PyUndefined): Run {
    this.compilation.line = node.line;
    const value: Evaluate = missing
      ? ({ runtime }) => runtime.missing(missing.options)
      : this.expression(node, frame);
    const place = this.compilation.place(node);
    const { volatile, autoescape } = frame.escape;
    const always = !volatile && truthy(autoescape);
    return (activation) => {
      const printed = value(activation);
      const { runtime } = activation;
      runtime.place = place;
      const escaped = always || (volatile && truthy(activation.context.escape.autoescape));
      runtime.write(
        escaped ? escapeHtml(printed).value : typeof printed === "string" ? printed : str(printed),
      );
      return 0;
    };
  }

  #if(node: IfNode, outer: CompileFrame): Run {
    const frame = softFrame(outer);
    this.compilation.line = node.line;
    const branches = [node, ...node.elifs].map((branch) => {
      this.compilation.line = branch.line;
      const test = this.expression(branch.test, frame);
      return { test, place: this.compilation.place(branch.test), body: this.body(branch.body, frame) };
    });
    const otherwise = this.body(node.otherwise, frame);
    return (activation) => {
      for (const { test, place, body } of branches) {
        const answer = test(activation);
        activation.runtime.place = place;
        if (truthy(answer)) return body(activation);
      }
      return otherwise(activation);
    };
  }

  #with(node: WithNode, frame: CompileFrame): Run {
    const inner = innerFrame(frame);
    inner.symbols.analyze(node);
    const enter = enterPart(inner.symbols);
    const pairs = node.targets.map((target, index) => {
      const store = this.store(target, inner);
      const value = node.values[index];
      return { store, value: value ? this.expression(value, frame) : (): unknown => null };
    });
    const body = this.body(node.body, inner);
    const leave = leavePart(inner.symbols);
    return (activation) => {
      enter(activation);
      for (const { store, value } of pairs) store(activation, value(activation));
      const signal = body(activation);
      leave(activation);
      return signal;
    };
  }

  #filterBlock(node: FilterBlockNode, frame: CompileFrame): Run {
    const inner = innerFrame(frame);
    inner.symbols.analyze(node);
    const enter = enterPart(inner.symbols);
    const body = this.body(node.body, inner);
    this.compilation.line = node.line;
    const filtered = this.filteredText(node.filter, inner);
    const leave = leavePart(inner.symbols);
    return (activation) => {
      enter(activation);
      let signal: Signal = 0;
      const text = activation.runtime.capture(() => {
        signal = body(activation);
      });
      if (signal !== 0) return signal;
      writeText(activation, filtered(activation, text));
      leave(activation);
      return 0;
    };
  }

  #autoescape(node: AutoescapeNode, frame: CompileFrame): Run {
    const inner = innerFrame(frame);
    inner.symbols.analyze(node);
    const enter = enterPart(inner.symbols);
    const { escape } = frame;
    const saved = { ...escape };
    const value = this.expression(node.value, inner);
    const constant = this.compilation.folder.fold(node.value);
    if (constant) escape.autoescape = constant.value;
    else escape.volatile = true;
    const body = this.body(node.body, inner);
    Object.assign(escape, saved);
    const leave = leavePart(inner.symbols);
    return (activation) => {
      enter(activation);
      const state = activation.context.escape;
      const before = state.autoescape;
      state.autoescape = value(activation);
      const signal = body(activation);
      // Python's `break` leaves the block without turning escaping back.
      if (signal !== 0) return signal;
      state.autoescape = before;
      leave(activation);
      return 0;
    };
  }
}

/** Writes what must be text already: Jinja2 joins it unconverted. */
export function writeText(activation: Activation, value: unknown): void {
  if (!isString(value))
    return raise("TypeError", `sequence item 0: expected str instance, ${typeName(value)} found`);
  activation.runtime.write(rawString(value));
}
