// How Python's own operations take the arguments of filters.
import { raise } from "../errors.ts";
import { numberOf } from "../values/compare.ts";
import { failUndefined, PyFloat, PyUndefined, typeName } from "../values/types.ts";

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
