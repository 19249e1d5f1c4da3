import { raise } from "../errors.ts";
import type { AssignBlockNode, AssignNode, FilterBlockNode, Statement, Target } from "../parser/nodes.ts";
import type { Activation } from "../runtime/context.ts";
import { Namespace } from "../runtime/namespace.ts";
import { truthy } from "../values/compare.ts";
import { unpack } from "../values/iterate.ts";
import { str } from "../values/repr.ts";
import { Markup } from "../values/types.ts";
import { enterPart, leavePart, read, type Run, type Signal, write } from "./compilation.ts";
import { ExpressionCompiler } from "./expressions.ts";
import { type CompileFrame, innerFrame } from "./frame.ts";

export type Store = (activation: Activation, value: unknown) => void;

/** What binds names: `set` in both its forms, and the targets of other statements. */
export abstract class AssignmentCompiler extends ExpressionCompiler {
  abstract body(nodes: readonly Statement[], frame: CompileFrame): Run;

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

  protected assign(node: AssignNode, frame: CompileFrame): Run {
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

  protected assignBlock(node: AssignBlockNode, frame: CompileFrame): Run {
    const inner = innerFrame(frame, { outputCheck: false });
    inner.symbols.analyze(node);
    const enter = enterPart(inner.symbols);
    const { result, names } = this.compilation.tracked(() => {
      const body = this.body(node.body, inner);
      this.compilation.line = node.line;
      const check = this.#namespaceCheck(node.target, frame);
      const store = this.store(node.target, frame);
      const filtered = node.filter && this.filteredText(node.filter, inner);
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
  protected filteredText(
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
}

function asMarkup(value: unknown): Markup {
  return value instanceof Markup ? value : new Markup(str(value));
}
