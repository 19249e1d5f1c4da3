import type { Place, Raised } from "../errors.ts";
import type { Source } from "../parser/source.ts";
import type { Activation } from "../runtime/context.ts";
import { Context } from "../runtime/context.ts";
import { type Host, Runtime } from "../runtime/runtime.ts";
import { DEFAULT_LIMITS, Meter } from "../limits.ts";
import type { EscapeState } from "./frame.ts";
import { Folder } from "./fold.ts";
import type { FunctionScope, Load, Reference, Symbols } from "./symbols.ts";

export type Evaluate = (activation: Activation) => unknown;

/** 0 goes on, 1 leaves the loop, 2 goes to its next pass. */
export type Signal = 0 | 1 | 2;
export type Run = (activation: Activation) => Signal;

/** Folding happens before any render, so it has a budget of its own that keeps compilation quick. */
const FOLD_LIMITS = { ...DEFAULT_LIMITS, repeatLength: 100_000, rangeLength: 100_000, integerBits: 20_000 };

/** The state of compiling one template. */
export class Compilation {
  readonly host: Host;
  readonly source: Source;
  readonly escape: EscapeState;
  readonly folder: Folder;
  /** The line Jinja2 would report: of the last statement or output that it notes a line for. */
  line = 1;
  /** An error Python finds after Jinja2 has found none. */
  lateError: Raised | undefined;
  readonly #assigned: Set<string>[] = [];

  constructor(host: Host, source: Source) {
    this.host = host;
    this.source = source;
    this.escape = { autoescape: host.autoescape, volatile: false };
    const context = new Context(new Runtime(host, new Meter(FOLD_LIMITS)), [host.globals]);
    this.folder = new Folder(host, context, this.escape);
  }

  place(node: { readonly at: number }): Place {
    return this.source.place(node.at, this.line);
  }

  fail(message: string, node: { readonly line: number; readonly at: number }): never {
    throw this.source.error("TemplateAssertionError", message, node);
  }

  late(message: string, node: { readonly line: number; readonly at: number }): void {
    this.lateError ??= this.source.error("SyntaxError", message, node);
  }

  /** Collects the names that `build` assigns to at the top of the template. */
  tracked<T>(build: () => T): { result: T; names: Set<string> } {
    const names = new Set<string>();
    this.#assigned.push(names);
    const result = build();
    this.#assigned.pop();
    return { result, names };
  }

  noteAssignment(name: string): void {
    this.#assigned.at(-1)?.add(name);
  }

  forgetAssignments(names: ReadonlySet<string>): void {
    const innermost = this.#assigned.at(-1);
    for (const name of names) innermost?.delete(name);
  }
}

export function read(reference: Reference, from: FunctionScope): Evaluate {
  const { slot } = reference;
  const hops = from.hopsTo(reference.scope);
  if (hops === 0) return (activation) => activation.slots[slot];
  if (hops === 1) return (activation) => activation.up?.slots[slot];
  return (activation) => up(activation, hops).slots[slot];
}

export function write(
  reference: Reference,
  from: FunctionScope,
): (activation: Activation, value: unknown) => void {
  const { slot } = reference;
  const hops = from.hopsTo(reference.scope);
  if (hops === 0)
    return (activation, value) => {
      activation.slots[slot] = value;
    };
  return (activation, value) => {
    up(activation, hops).slots[slot] = value;
  };
}

function up(activation: Activation, hops: number): Activation {
  let found = activation;
  for (let left = hops; left > 0 && found.up; left--) found = found.up;
  return found;
}

/** Gives the variables of a part of the template their first values. */
export function enterPart(symbols: Symbols): (activation: Activation) => void {
  const steps: ((activation: Activation) => void)[] = [];
  const missing: number[] = [];
  for (const [{ slot }, load] of symbols.loads) {
    const step = loadStep(slot, load, symbols.scope);
    if (step) steps.push(step);
    else if (load.kind === "missing") missing.push(slot);
  }
  if (steps.length === 0 && missing.length === 0) return () => {};
  return (activation) => {
    for (const step of steps) step(activation);
    for (const slot of missing) activation.slots[slot] = undefined;
  };
}

function loadStep(
  slot: number,
  load: Load,
  scope: FunctionScope,
): ((activation: Activation) => void) | undefined {
  if (load.kind === "resolve") {
    const { name } = load;
    return (activation) => {
      activation.slots[slot] = activation.context.resolve(name);
    };
  }
  if (load.kind !== "alias") return undefined;
  const source = read(load.of, scope);
  return (activation) => {
    activation.slots[slot] = source(activation);
  };
}

/** What a part's variables held is gone once it is left. */
export function leavePart(symbols: Symbols): (activation: Activation) => void {
  const slots = [...symbols.loads.keys()].map(({ slot }) => slot);
  if (slots.length === 0) return () => {};
  return (activation) => {
    for (const slot of slots) activation.slots[slot] = undefined;
  };
}
