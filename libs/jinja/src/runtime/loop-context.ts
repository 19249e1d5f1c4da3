import { raise } from "../errors.ts";
import { Callable, PyFunction } from "../values/callable.ts";
import { sameOrEquals } from "../values/compare.ts";
import { findIterator, findLength } from "../values/iterate.ts";
import { type Kwargs, PyTuple, typeName } from "../values/types.ts";
import type { Context } from "./context.ts";
import type { Runtime } from "./runtime.ts";

/** Renders the body of a recursive loop for another iterable. */
export type Recurse = (iterable: unknown, depth: number) => unknown;

/** The variable `loop`: it drives the loop, so that `length`, `last` and `nextitem` can look ahead. */
export class LoopContext extends Callable {
  readonly typeName = "LoopContext";
  readonly #runtime: Runtime;
  readonly #iterable: unknown;
  readonly #recurse: Recurse | undefined;
  readonly #depth: number;
  #iterator: Iterator<unknown>;
  #index = -1;
  #length: number | undefined;
  #ahead: { readonly value: unknown } | undefined;
  #current: unknown;
  #before: unknown;
  #changed: readonly unknown[] | undefined;

  constructor(
    iterable: unknown,
    runtime: Runtime,
    options: { readonly recurse?: Recurse; readonly depth?: number } = {},
  ) {
    super();
    const iterator = findIterator(iterable);
    if (!iterator) raise("TypeError", `'${typeName(iterable)}' object is not iterable`);
    this.#iterable = iterable;
    this.#iterator = iterator as Iterator<unknown>;
    this.#runtime = runtime;
    this.#recurse = options.recurse;
    this.#depth = options.depth ?? 0;
  }

  /** The next item, or `undefined` at the end. */
  advance(): { readonly value: unknown } | undefined {
    const next = this.#peek();
    if (!next) return undefined;
    this.#ahead = undefined;
    this.#index++;
    this.#before = this.#current;
    this.#current = next.value;
    return next;
  }

  #peek(): { readonly value: unknown } | undefined {
    if (this.#ahead) return this.#ahead;
    const step = this.#iterator.next();
    if (step.done !== true) this.#ahead = { value: step.value };
    return this.#ahead;
  }

  override length(): number {
    if (this.#length === undefined) {
      this.#length = findLength(this.#iterable);
      if (this.#length === undefined) {
        const rest: unknown[] = [];
        for (let step = this.#iterator.next(); step.done !== true; step = this.#iterator.next())
          rest.push(step.value);
        this.#iterator = rest.values();
        this.#length = rest.length + this.#index + 1 + (this.#ahead ? 1 : 0);
      }
    }
    return this.#length;
  }

  override truthy(): boolean {
    return this.length() !== 0;
  }

  override *iterator(): Iterator<unknown> {
    for (let next = this.advance(); next; next = this.advance()) yield new PyTuple([next.value, this]);
  }

  override attribute(name: string): unknown {
    switch (name) {
      case "index":
        return this.#index + 1;
      case "index0":
        return this.#index;
      case "revindex":
        return this.length() - this.#index;
      case "revindex0":
        return this.length() - this.#index - 1;
      case "first":
        return this.#index === 0;
      case "last":
        return this.#peek() === undefined;
      case "length":
        return this.length();
      case "depth":
        return this.#depth + 1;
      case "depth0":
        return this.#depth;
      case "previtem":
        return this.#index === 0 ? this.#runtime.hinted("there is no previous item") : this.#before;
      case "nextitem": {
        const next = this.#peek();
        return next ? next.value : this.#runtime.hinted("there is no next item");
      }
      case "cycle":
        return boundMethod("LoopContext.cycle", (args) => this.#cycle(args));
      case "changed":
        return boundMethod("LoopContext.changed", (args) => this.#hasChanged(args));
      default:
        return undefined;
    }
  }

  #cycle(args: readonly unknown[]): unknown {
    return args.length === 0
      ? raise("TypeError", "no items for cycling given")
      : args[this.#index % args.length];
  }

  #hasChanged(values: readonly unknown[]): boolean {
    const last = this.#changed;
    if (
      last &&
      last.length === values.length &&
      last.every((value, index) => sameOrEquals(value, values[index]))
    )
      return false;
    this.#changed = values;
    return true;
  }

  call(args: readonly unknown[], kwargs: Kwargs, _context: Context): unknown {
    const iterable = args[0] ?? kwargs.get("iterable");
    if (iterable === undefined || args.length + kwargs.size !== 1)
      return raise("TypeError", "LoopContext.__call__() takes exactly one iterable");
    if (!this.#recurse)
      return raise("TypeError", "The loop must have the 'recursive' marker to be called recursively.");
    return this.#recurse(iterable, this.#depth + 1);
  }

  override repr(): string {
    return `<LoopContext ${this.#index + 1}/${this.length()}>`;
  }
}

export function boundMethod(
  name: string,
  invoke: (args: readonly unknown[], context: Context) => unknown,
): PyFunction {
  return new PyFunction(
    (args, kwargs, context) => {
      if (kwargs.size > 0)
        return raise("TypeError", `${name}() got an unexpected keyword argument '${[...kwargs.keys()][0]}'`);
      return invoke(args, context);
    },
    { repr: `<bound method ${name} of object at 0x7f0000000000>`, typeName: "method" },
  );
}
