import { type Place, raise } from "../errors.ts";
import { dictSet } from "../values/dict.ts";
import { floatRepr } from "../values/floats.ts";
import { intText } from "../values/repr.ts";
import { PyFloat, PyTuple } from "../values/types.ts";
import type { Evaluate } from "./compilation.ts";

/** Constants are written into code by their repr, which makes new lists and dicts each time and has no infinity. */
export function constantValue(value: unknown, place: () => Place): Evaluate {
  const infinite = findNonFinite(value);
  if (infinite !== undefined) {
    const where = place();
    return (activation) => {
      activation.runtime.place = where;
      return raise("NameError", `name '${infinite}' is not defined`);
    };
  }
  if (value instanceof PyTuple || value instanceof Map || Array.isArray(value))
    return () => cloneConstant(value);
  if (typeof value === "bigint") intText(value);
  return () => value;
}

function findNonFinite(value: unknown): string | undefined {
  if (value instanceof PyFloat)
    return Number.isFinite(value.value) ? undefined : floatRepr(Math.abs(value.value));
  const items = Array.isArray(value)
    ? value
    : value instanceof PyTuple
      ? value.items
      : value instanceof Map
        ? [...value].flat()
        : [];
  for (const item of items) {
    const found = findNonFinite(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function cloneConstant(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cloneConstant);
  if (value instanceof PyTuple) return new PyTuple(value.items.map(cloneConstant));
  if (!(value instanceof Map)) return value;
  const copy = new Map<unknown, unknown>();
  for (const [key, item] of value) dictSet(copy, key, cloneConstant(item));
  return copy;
}
