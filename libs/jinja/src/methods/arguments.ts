import { raise } from "../errors.ts";
import { isInt, isString, rawString, typeName } from "../values/types.ts";

/** An argument that Python takes as an index: an int or bool. */
export function indexArgument(value: unknown): number {
  if (typeof value === "boolean") return Number(value);
  if (isInt(value)) return Number(value);
  return raise("TypeError", `'${typeName(value)}' object cannot be interpreted as an integer`);
}

export function optionalIndex(value: unknown, fallback: number): number {
  return value === undefined || value === null ? fallback : indexArgument(value);
}

export function textArgument(value: unknown, method: string): string {
  if (isString(value)) return rawString(value);
  return raise("TypeError", `${method}() argument must be str, not ${typeName(value)}`);
}
