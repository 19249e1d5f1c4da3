// How Python's own operations take the arguments of filters.
import { raise } from "../errors.ts";
import { numberOf } from "../values/compare.ts";
import { failUndefined, isString, PyFloat, PyUndefined, rawString, typeName } from "../values/types.ts";

/** A number of any kind as a JavaScript number. */
export function number(value: unknown): number {
  if (value instanceof PyUndefined) return failUndefined(value);
  const found = numberOf(value);
  return found === undefined
    ? raise("TypeError", `must be real number, not ${typeName(value)}`)
    : Number(found);
}

/** What Python's `range`, slicing and repetition accept: an int. */
export function integer(value: unknown): number {
  if (value instanceof PyUndefined) return failUndefined(value);
  if (
    value instanceof PyFloat ||
    (typeof value === "number" && !Number.isInteger(value)) ||
    numberOf(value) === undefined
  )
    return raise("TypeError", `'${typeName(value)}' object cannot be interpreted as an integer`);
  return Number(numberOf(value));
}

export function string(value: unknown, filter: string): string {
  if (isString(value)) return rawString(value);
  if (value instanceof PyUndefined) return failUndefined(value);
  return raise("AttributeError", `'${typeName(value)}' object has no attribute '${filter}'`);
}
