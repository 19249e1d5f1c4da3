import type { MethodTable } from "../values/callable.ts";
import { DictView } from "../values/dict-view.ts";
import { Markup, PyFloat, PyTuple } from "../values/types.ts";
import { dictMethods, listMethods, tupleMethods, viewMethods } from "./collections.ts";
import { floatMethods, intMethods } from "./numbers.ts";
import { markupMethods, strMethods } from "./str.ts";

export function methodsOf(value: unknown): MethodTable | undefined {
  switch (typeof value) {
    case "string":
      return strMethods;
    case "number":
      return Number.isInteger(value) ? intMethods : floatMethods;
    case "bigint":
    case "boolean":
      return intMethods;
    case "object":
    case "function":
    case "symbol":
    case "undefined":
  }
  if (value instanceof Map) return dictMethods;
  if (Array.isArray(value)) return listMethods;
  if (value instanceof PyTuple) return tupleMethods;
  if (value instanceof PyFloat) return floatMethods;
  if (value instanceof Markup) return markupMethods;
  return value instanceof DictView ? viewMethods : undefined;
}
