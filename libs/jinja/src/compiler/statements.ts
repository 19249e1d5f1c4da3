import { raise } from "../errors.ts";
import type {
  AssignBlockNode,
  AssignNode,
  AutoescapeNode,
  Expression,
  FilterBlockNode,
  IfNode,
  OutputNode,
  Statement,
  Target,
  WithNode,
} from "../parser/nodes.ts";
import type { Activation } from "../runtime/context.ts";
import { Namespace } from "../runtime/namespace.ts";
import { truthy } from "../values/compare.ts";
import { unpack } from "../values/iterate.ts";
import { escapeHtml } from "../values/markup.ts";
import { str } from "../values/repr.ts";
import { isString, Markup, rawString, typeName } from "../values/types.ts";
import { enterPart, leavePart, read, type Run, type Signal, write } from "./compilation.ts";
import { ExpressionCompiler } from "./expressions.ts";
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

export type Store = (activation: Activation, value: unknown) => void;

/** The statements that need no other template; loops, macros and inheritance are in the classes made from it. */
export abstract class StatementCompiler extends ExpressionCompiler {
  protected abstract special(node: SpecialStatement, frame: CompileFrame): Run;
  /** A test at run time around what is written; `undefined` when nothing of it can be written. */
  protected abstract outputGuard(
    frame: CompileFrame,
  ): ((activation: Activation) => boolean) | "always" | undefined;
  /** Whether the rest of the statements can no longer be reached. */
  protected abstract stopped(): boolean;

  body(nodes: readonly Statement[], frame: CompileFrame): Run {
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
        return this.#assign(node, frame);
      case "assignblock":
        return this.#assignBlock(node, frame);
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
      const constant = this.#constantText(child, frame);
      if (constant !== undefined) text += constant;
      else {
        flush();
        parts.push(this.#print(child, frame));
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

  /** Text known when the template is compiled; whatever fails is left for the render. */
  #constantText(node: Expression, frame: CompileFrame): string | undefined {
    if (node.kind === "data") return node.text;
    try {
      const constant = this.compilation.folder.fold(node);
      if (!constant) return undefined;
      return truthy(frame.escape.autoescape) ? escapeHtml(constant.value).value : str(constant.value);
    } catch {
      return undefined;
    }
  }

  #print(node: Expression, frame: CompileFrame): Run {
    this.compilation.line = node.line;
    const value = this.expression(node, frame);
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

  /** What assigns to the target; a tuple takes the value apart. */
  store(target: Target, frame: CompileFrame): Store {
    switch (target.kind) {
      case "name": {
        if (target.context === "store" && (frame.toplevel || frame.loop || frame.block))
          this.compilation.noteAssignment(target.name);
        return write(frame.symbols.reference(target.name), frame.symbols.scope);
      }
      case "nsref": {
        const namespace = read(frame.symbols.reference(target.name), frame.symbols.scope);
        const { attribute } = target;
        return (activation, value) => {
          const held = namespace(activation);
          if (held instanceof Namespace) held.set(attribute, value);
        };
      }
      case "tuple": {
        const stores = target.items.map((item) => this.store(item as Target, frame));
        const place = this.compilation.place(target);
        return (activation, value) => {
          activation.runtime.place = place;
          const items = unpack(value, stores.length);
          stores.forEach((store, index) => store(activation, items[index]));
        };
      }
    }
  }

  /** A namespace is asked for before the value is computed. */
  #namespaceCheck(target: Target, frame: CompileFrame): (activation: Activation) => void {
    if (target.kind !== "nsref") return () => {};
    const namespace = read(frame.symbols.reference(target.name), frame.symbols.scope);
    const place = this.compilation.place(target);
    return (activation) => {
      if (namespace(activation) instanceof Namespace) return;
      activation.runtime.place = place;
      raise("TemplateRuntimeError", "cannot assign attribute on non-namespace object");
    };
  }

  /** Names set at the top become variables of the context; those without an underscore are exported. */
  protected publish(names: ReadonlySet<string>, frame: CompileFrame): (activation: Activation) => void {
    if (!frame.toplevel || names.size === 0) return () => {};
    const values = [...names].map((name) => ({
      name,
      value: read(frame.symbols.reference(name), frame.symbols.scope),
      exported: !name.startsWith("_"),
    }));
    return (activation) => {
      const { context } = activation;
      for (const { name, value, exported } of values) {
        context.vars.set(name, value(activation));
        if (exported) context.exported.add(name);
      }
    };
  }

  #assign(node: AssignNode, frame: CompileFrame): Run {
    this.compilation.line = node.line;
    const { result, names } = this.compilation.tracked(() => {
      const check = this.#namespaceCheck(node.target, frame);
      const store = this.store(node.target, frame);
      return { check, store, value: this.expression(node.value, frame) };
    });
    const { check, store, value } = result;
    const publish = this.publish(names, frame);
    return (activation) => {
      check(activation);
      store(activation, value(activation));
      publish(activation);
      return 0;
    };
  }

  #assignBlock(node: AssignBlockNode, frame: CompileFrame): Run {
    const inner = innerFrame(frame, { outputCheck: false });
    inner.symbols.analyze(node);
    const enter = enterPart(inner.symbols);
    const { result, names } = this.compilation.tracked(() => {
      const body = this.body(node.body, inner);
      this.compilation.line = node.line;
      const check = this.#namespaceCheck(node.target, frame);
      const store = this.store(node.target, frame);
      const filtered = node.filter && this.#filteredText(node.filter, inner);
      return { body, check, store, filtered };
    });
    const { body, check, store, filtered } = result;
    const publish = this.publish(names, frame);
    const leave = leavePart(inner.symbols);
    return (activation) => {
      enter(activation);
      let signal: Signal = 0;
      const { runtime, context } = activation;
      const text = runtime.capture(() => {
        signal = body(activation);
      });
      if (signal !== 0) return signal;
      check(activation);
      const value = filtered ? filtered(activation, text) : text;
      store(activation, truthy(context.escape.autoescape) ? asMarkup(value) : value);
      publish(activation);
      leave(activation);
      return 0;
    };
  }

  /** Filters applied to what a block wrote. */
  #filteredText(
    node: FilterBlockNode["filter"],
    frame: CompileFrame,
  ): (activation: Activation, text: string) => unknown {
    let captured = "";
    const { volatile, autoescape } = frame.escape;
    const filter = this.filter(node, frame, (activation) => {
      const safe = volatile ? truthy(activation.context.escape.autoescape) : truthy(autoescape);
      return safe ? new Markup(captured) : captured;
    });
    return (activation, text) => {
      captured = text;
      return filter(activation);
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
    const filtered = this.#filteredText(node.filter, inner);
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

function asMarkup(value: unknown): Markup {
  return value instanceof Markup ? value : new Markup(str(value));
}

/** Writes what must be text already: Jinja2 joins it unconverted. */
export function writeText(activation: Activation, value: unknown): void {
  if (!isString(value))
    return raise("TypeError", `sequence item 0: expected str instance, ${typeName(value)} found`);
  activation.runtime.write(rawString(value));
}
