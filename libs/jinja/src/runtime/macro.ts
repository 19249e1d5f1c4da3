import { raise } from "../errors.ts";
import { Callable } from "../values/callable.ts";
import { truthy } from "../values/compare.ts";
import { type Kwargs, Markup, PyTuple } from "../values/types.ts";
import type { Context } from "./context.ts";

export interface MacroOptions {
  /** `undefined` for the body of a call block. */
  readonly name: string | undefined;
  readonly parameters: readonly string[];
  readonly usesKwargs: boolean;
  readonly usesVarargs: boolean;
  readonly usesCaller: boolean;
  /** Writes the body; arguments in the order parameters, caller, kwargs, varargs; `undefined` where none was given. */
  readonly body: (args: readonly unknown[]) => string;
}

export class Macro extends Callable {
  readonly typeName = "Macro";
  readonly #options: MacroOptions;

  constructor(options: MacroOptions) {
    super();
    this.#options = options;
  }

  call(args: readonly unknown[], kwargs: Kwargs, context: Context): unknown {
    const { runtime } = context;
    runtime.enter("macro", this.#options.name ?? "caller");
    const text = this.#options.body(this.#bind(args, kwargs, context));
    runtime.leave();
    // Whether the text is safe depends on where the macro is used, not on where it was written.
    return truthy(context.escape.autoescape) ? new Markup(text) : text;
  }

  #bind(args: readonly unknown[], kwargs: Kwargs, context: Context): unknown[] {
    const { name, parameters, usesCaller, usesKwargs, usesVarargs } = this.#options;
    const rest = new Map(kwargs);
    const bound: unknown[] = args.slice(0, parameters.length);
    let foundCaller = bound.length === parameters.length && parameters.includes("caller");
    for (const parameter of parameters.slice(bound.length)) {
      bound.push(rest.get(parameter));
      rest.delete(parameter);
      if (parameter === "caller") foundCaller = true;
    }
    if (usesCaller && !foundCaller) {
      bound.push(rest.get("caller") ?? context.runtime.hinted("No caller defined", "caller"));
      rest.delete("caller");
    }
    const shown = name === undefined ? "None" : `'${name}'`;
    if (usesKwargs) bound.push(rest);
    else if (rest.has("caller"))
      raise(
        "TypeError",
        `macro ${shown} was invoked with two values for the special caller argument. This is most likely a bug.`,
      );
    else if (rest.size > 0)
      raise("TypeError", `macro ${shown} takes no keyword argument '${[...rest.keys()][0]}'`);
    if (usesVarargs) bound.push(new PyTuple(args.slice(parameters.length)));
    else if (args.length > parameters.length)
      raise("TypeError", `macro ${shown} takes not more than ${parameters.length} argument(s)`);
    return bound;
  }

  override attribute(attribute: string): unknown {
    const { name, parameters, usesCaller, usesKwargs, usesVarargs } = this.#options;
    switch (attribute) {
      case "name":
        return name ?? null;
      case "arguments":
        return new PyTuple(parameters);
      case "catch_kwargs":
        return usesKwargs;
      case "catch_varargs":
        return usesVarargs;
      case "caller":
        return usesCaller;
      case "explicit_caller":
        return parameters.includes("caller");
      default:
        return undefined;
    }
  }

  override repr(): string {
    const { name } = this.#options;
    return `<Macro ${name === undefined ? "anonymous" : `'${name}'`}>`;
  }
}
