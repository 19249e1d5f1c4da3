import { raise } from "../errors.ts";
import { Callable } from "../values/callable.ts";
import { failUndefined, isString, type Kwargs, PyUndefined, rawString, typeName } from "../values/types.ts";
import type { Context } from "./context.ts";

export function callValue(
  value: unknown,
  args: readonly unknown[],
  kwargs: Kwargs,
  context: Context,
): unknown {
  if (value instanceof Callable) {
    context.runtime.meter.tick();
    return value.call(args, kwargs, context);
  }
  if (value instanceof PyUndefined) return failUndefined(value);
  return raise("TypeError", `'${typeName(value)}' object is not callable`);
}

/** Adds the entries of `**mapping` to keyword arguments. */
export function spreadKwargs(kwargs: Map<string, unknown>, mapping: unknown): void {
  if (mapping instanceof PyUndefined) failUndefined(mapping);
  if (!(mapping instanceof Map))
    raise("TypeError", `argument after ** must be a mapping, not ${typeName(mapping)}`);
  for (const [key, value] of mapping as Map<unknown, unknown>) {
    if (!isString(key)) raise("TypeError", "keywords must be strings");
    const name = rawString(key as string);
    if (kwargs.has(name)) raise("TypeError", `got multiple values for keyword argument '${name}'`);
    kwargs.set(name, value);
  }
}
