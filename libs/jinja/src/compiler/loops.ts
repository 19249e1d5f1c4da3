import type { ForNode } from "../parser/nodes.ts";
import { Activation } from "../runtime/context.ts";
import { LoopContext } from "../runtime/loop-context.ts";
import { truthy } from "../values/compare.ts";
import { iterate } from "../values/iterate.ts";
import { Markup, PyIterator } from "../values/types.ts";
import { descendants, findUndeclared } from "./children.ts";
import { enterPart, type Evaluate, leavePart, type Run, type Signal, write } from "./compilation.ts";
import { type CompileFrame, innerFrame } from "./frame.ts";
import type { Store } from "./assignments.ts";
import { StatementCompiler, writeText } from "./statements.ts";
import { FunctionScope } from "./symbols.ts";

interface LoopFrames {
  readonly loopFrame: CompileFrame;
  readonly elseFrame: CompileFrame;
  readonly storeLoop: Store | undefined;
  readonly filter: LoopParts["filter"];
}

interface LoopParts {
  readonly store: Store;
  readonly storeLoop: Store | undefined;
  readonly enter: (activation: Activation) => void;
  readonly body: Run;
  readonly leave: (activation: Activation) => void;
  readonly otherwise: Run | undefined;
  /** Passes on only the items of the iterable for which the loop's `if` holds. */
  readonly filter: ((activation: Activation, iterable: unknown) => unknown) | undefined;
}

export abstract class LoopCompiler extends StatementCompiler {
  #depth = 0;

  protected get insideLoop(): boolean {
    return this.#depth > 0;
  }

  /** Runs `build` as the inside of a function of its own, where an outer loop cannot be left. */
  protected outsideLoops<T>(build: () => T): T {
    const depth = this.#depth;
    this.#depth = 0;
    const result = build();
    this.#depth = depth;
    return result;
  }

  protected for(node: ForNode, frame: CompileFrame): Run {
    const extended =
      node.recursive ||
      findUndeclared(node.body, ["loop"]).has("loop") ||
      descendants([node]).some((inner) => inner.kind === "block" && inner.scoped);
    return node.recursive ? this.#recursive(node, frame) : this.#plain(node, frame, extended);
  }

  #plain(node: ForNode, frame: CompileFrame, extended: boolean): Run {
    const parts = this.#parts(node, frame, { extended });
    this.compilation.line = node.line;
    const iterable = this.expression(node.iterable, frame);
    const place = this.compilation.place(node.iterable);
    const finish = this.#finish(node, parts);
    return (activation) => {
      const value = iterable(activation);
      activation.runtime.place = place;
      const items = finish.filter ? finish.filter(activation, value) : value;
      return extended
        ? runExtended(activation, new LoopContext(items, activation.runtime), finish)
        : runPlain(activation, items, finish);
    };
  }

  #recursive(node: ForNode, frame: CompileFrame): Run {
    const scope = new FunctionScope(frame.symbols.scope);
    const finish = this.outsideLoops(() =>
      this.#finish(node, this.#parts(node, frame, { extended: true, scope })),
    );
    this.compilation.line = node.line;
    const iterable = this.expression(node.iterable, frame);
    const place = this.compilation.place(node.iterable);
    const { volatile, autoescape } = frame.escape;
    return (activation) => {
      const render = (items: unknown, depth: number): unknown => {
        const { runtime, context } = activation;
        runtime.enter("loop", "recursive");
        const inner = new Activation(context, scope.size, activation);
        const text = runtime.capture(() => {
          const filtered = finish.filter ? finish.filter(inner, items) : items;
          runExtended(inner, new LoopContext(filtered, runtime, { recurse: render, depth }), finish);
        });
        runtime.leave();
        return truthy(volatile ? context.escape.autoescape : autoescape) ? new Markup(text) : text;
      };
      const value = iterable(activation);
      activation.runtime.place = place;
      writeText(activation, render(value, 0));
      return 0;
    };
  }

  /** The first half, up to where Jinja2 writes the line of the loop. */
  #parts(
    node: ForNode,
    frame: CompileFrame,
    { extended, scope }: { extended: boolean; scope?: FunctionScope },
  ): LoopFrames {
    const inOwnScope = scope ? { scope } : {};
    const loopFrame = innerFrame(frame, { loop: true, ...inOwnScope });
    const elseFrame = innerFrame(frame, inOwnScope);
    const loopReference = extended ? loopFrame.symbols.declareParameter("loop") : undefined;
    loopFrame.symbols.analyzeLoop(node, "body");
    if (node.otherwise.length > 0) elseFrame.symbols.analyzeLoop(node, "else");
    const filter = this.#filter(node, frame, scope ?? frame.symbols.scope);
    for (const inner of descendants([node]))
      if (inner.kind === "name" && inner.context === "store" && inner.name === "loop")
        this.compilation.fail("Can't assign to special loop variable in for-loop target", inner);
    const storeLoop = loopReference && write(loopReference, loopFrame.symbols.scope);
    return { loopFrame, elseFrame, storeLoop, filter };
  }

  #finish(node: ForNode, { loopFrame, elseFrame, storeLoop, filter }: LoopFrames): LoopParts {
    this.compilation.line = node.line;
    const store = this.store(node.target, loopFrame);
    const enter = enterPart(loopFrame.symbols);
    this.#depth++;
    const body = this.body(node.body, loopFrame);
    this.#depth--;
    const leave = leavePart(loopFrame.symbols);
    let otherwise: Run | undefined;
    if (node.otherwise.length > 0) {
      const enterElse = enterPart(elseFrame.symbols);
      const elseBody = this.body(node.otherwise, elseFrame);
      const leaveElse = leavePart(elseFrame.symbols);
      otherwise = (activation) => {
        enterElse(activation);
        const signal = elseBody(activation);
        leaveElse(activation);
        return signal;
      };
    }
    this.compilation.forgetAssignments(loopFrame.symbols.stores);
    return { store, storeLoop, enter, body, leave, otherwise, filter };
  }

  /** The loop's `if` is a function of its own, with its own copy of the loop's variables. */
  #filter(node: ForNode, frame: CompileFrame, outer: FunctionScope): LoopParts["filter"] {
    if (!node.test) return undefined;
    const scope = new FunctionScope(outer);
    const testFrame = innerFrame(frame, { scope });
    testFrame.symbols.analyzeLoop(node, "test");
    this.compilation.line = node.test.line;
    const enter = enterPart(testFrame.symbols);
    const store = this.store(node.target, testFrame);
    const test: Evaluate = this.expression(node.test, testFrame);
    const place = this.compilation.place(node.test);
    function* filtered(activation: Activation, iterable: unknown): Generator<unknown> {
      const inner = new Activation(activation.context, scope.size, activation);
      enter(inner);
      activation.runtime.place = place;
      for (const item of iterate(iterable)) {
        activation.runtime.meter.tick();
        store(inner, item);
        const answer = test(inner);
        activation.runtime.place = place;
        if (truthy(answer)) yield item;
      }
    }
    return (activation, iterable) => new PyIterator(filtered(activation, iterable));
  }
}

function runPlain(activation: Activation, iterable: unknown, parts: LoopParts): Signal {
  let empty = true;
  const { store, enter, body } = parts;
  const { meter } = activation.runtime;
  const pass = (item: unknown): Signal => {
    meter.tick();
    store(activation, item);
    enter(activation);
    return body(activation);
  };
  if (Array.isArray(iterable)) {
    for (let index = 0; index < iterable.length; index++) {
      const signal = pass(iterable[index]);
      if (signal === 1) break;
      if (signal === 0) empty = false;
    }
    return finishLoop(activation, parts, empty);
  }
  for (const item of iterate(iterable)) {
    const signal = pass(item);
    if (signal === 1) break;
    // Jinja2 notes at the end of a pass that there was one, so passes that were all left early count as none.
    if (signal === 0) empty = false;
  }
  return finishLoop(activation, parts, empty);
}

function runExtended(activation: Activation, loop: LoopContext, parts: LoopParts): Signal {
  let empty = true;
  const { store, storeLoop, enter, body } = parts;
  const { meter } = activation.runtime;
  for (let next = loop.advance(); next; next = loop.advance()) {
    meter.tick();
    store(activation, next.value);
    storeLoop?.(activation, loop);
    enter(activation);
    const signal = body(activation);
    if (signal === 1) break;
    if (signal === 0) empty = false;
  }
  return finishLoop(activation, parts, empty);
}

function finishLoop(activation: Activation, { leave, otherwise }: LoopParts, empty: boolean): Signal {
  leave(activation);
  return otherwise && empty ? otherwise(activation) : 0;
}
