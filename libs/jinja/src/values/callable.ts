import { raise } from "../errors.ts";
import type { Context } from "../runtime/context.ts";
import { type Kwargs, PyObject } from "./types.ts";

export const NO_KWARGS: Kwargs = new Map();

/** Everything a template can call. JavaScript functions are not among it. */
export abstract class Callable extends PyObject {
  abstract call(args: readonly unknown[], kwargs: Kwargs, context: Context): unknown;

  override truthy(): boolean {
    return true;
  }
}

export type Invoke = (args: readonly unknown[], kwargs: Kwargs, context: Context) => unknown;

/** A global function or class. */
export class PyFunction extends Callable {
  readonly typeName: string;
  readonly #shown: string;
  readonly #invoke: Invoke;

  constructor(invoke: Invoke, shown: { readonly repr: string; readonly typeName?: string }) {
    super();
    this.#invoke = invoke;
    this.#shown = shown.repr;
    this.typeName = shown.typeName ?? "function";
  }

  call(args: readonly unknown[], kwargs: Kwargs, context: Context): unknown {
    return this.#invoke(args, kwargs, context);
  }

  override repr(): string {
    return this.#shown;
  }
}

/** How a method of str, list, dict ... is carried out; missing optional arguments are `undefined`. */
export type MethodBody<Self> = (self: Self, args: readonly unknown[], context: Context) => unknown;

export interface Method {
  readonly name: string;
  readonly call: (self: unknown, args: readonly unknown[], kwargs: Kwargs, context: Context) => unknown;
}

export type MethodTable = ReadonlyMap<string, Method>;

/** A method taken from its object without being called: `{% set f = text.upper %}`. */
export class BoundMethod extends Callable {
  readonly typeName = "builtin_function_or_method";
  readonly self: unknown;
  readonly method: Method;
  readonly #owner: string;

  constructor(self: unknown, method: Method, owner: string) {
    super();
    this.self = self;
    this.method = method;
    this.#owner = owner;
  }

  call(args: readonly unknown[], kwargs: Kwargs, context: Context): unknown {
    return this.method.call(this.self, args, kwargs, context);
  }

  override repr(): string {
    return `<built-in method ${this.method.name} of ${this.#owner} object at 0x7f0000000000>`;
  }

  override equals(other: unknown): boolean {
    return other instanceof BoundMethod && other.self === this.self && other.method === this.method;
  }
}

/** Declares methods: `"sep? maxsplit?"` are the parameters, `?` marks optional ones, `=` lets keywords name them. */
export function methodTable<Self>(
  type: string,
  methods: Readonly<Record<string, readonly [parameters: string, body: MethodBody<Self>]>>,
): MethodTable {
  const table = new Map<string, Method>();
  for (const [name, [parameters, body]] of Object.entries(methods)) {
    const keywords = parameters.startsWith("=");
    const names = parameters.replace(/^=/, "").split(" ").filter(Boolean);
    const required = names.filter((parameter) => !parameter.endsWith("?")).length;
    const bare = names.map((parameter) => parameter.replace("?", ""));
    table.set(name, {
      name,
      call: (self, args, kwargs, context) => {
        const bound = kwargs.size === 0 ? args : withKeywords({ type, name, bare, keywords }, args, kwargs);
        if (bound.length > bare.length || bound.length < required)
          wrongCount({ type, name, required, most: bare.length }, bound.length);
        return body(self as Self, bound, context);
      },
    });
  }
  return table;
}

function withKeywords(
  method: { type: string; name: string; bare: readonly string[]; keywords: boolean },
  args: readonly unknown[],
  kwargs: Kwargs,
): readonly unknown[] {
  if (!method.keywords)
    return raise("TypeError", `${method.type}.${method.name}() takes no keyword arguments`);
  const bound = [...args];
  for (const [key, value] of kwargs) {
    const index = method.bare.indexOf(key);
    if (index < 0) return raise("TypeError", `'${key}' is an invalid keyword argument for ${method.name}()`);
    if (index < args.length)
      return raise(
        "TypeError",
        `argument for ${method.name}() given by name ('${key}') and position (${index + 1})`,
      );
    bound[index] = value;
  }
  return bound;
}

function wrongCount(
  method: { type: string; name: string; required: number; most: number },
  given: number,
): never {
  const { type, name, required, most } = method;
  if (most === 0) return raise("TypeError", `${type}.${name}() takes no arguments (${given} given)`);
  if (most === 1 && required === 1)
    return raise("TypeError", `${type}.${name}() takes exactly one argument (${given} given)`);
  const bound = given < required ? `at least ${required}` : `at most ${most}`;
  const limit = given < required ? required : most;
  return raise("TypeError", `${name} expected ${bound} argument${limit === 1 ? "" : "s"}, got ${given}`);
}
