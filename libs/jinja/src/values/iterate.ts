import { raise } from "../errors.ts";
import { dictHas } from "./dict.ts";
import { sameOrEquals } from "./compare.ts";
import { codePoints, stringLength } from "./strings.ts";
import {
  failUndefined,
  isString,
  type Markup,
  PyObject,
  PyTuple,
  PyUndefined,
  rawString,
  typeName,
} from "./types.ts";

/** The items of an array, also those that are added while it is walked, as a Python list gives them. */
function* listItems(list: readonly unknown[]): Generator<unknown> {
  for (let index = 0; index < list.length; index++) yield list[index];
}

/** A dict that changes its size while it is walked is an error in Python. */
function* dictKeys(dict: ReadonlyMap<unknown, unknown>): Generator<unknown> {
  const size = dict.size;
  for (const key of dict.keys()) {
    yield key;
    if (dict.size !== size) raise("RuntimeError", "dictionary changed size during iteration");
  }
}

/** Python's `iter(value)`; `undefined` where Python raises TypeError. */
export function findIterator(value: unknown): Iterator<unknown> | undefined {
  if (Array.isArray(value)) return listItems(value);
  if (isString(value)) return stringItems(value);
  if (value instanceof Map) return dictKeys(value);
  if (value instanceof PyTuple) return value.items.values();
  if (value instanceof PyUndefined) return value.mode === "strict" ? failUndefined(value) : [].values();
  return value instanceof PyObject ? value.iterator() : undefined;
}

function stringItems(value: string | Markup): Iterator<unknown> {
  return codePoints(rawString(value)).values();
}

export function iterate(value: unknown): Iterable<unknown> {
  const iterator = findIterator(value);
  if (!iterator) return raise("TypeError", `'${typeName(value)}' object is not iterable`);
  return { [Symbol.iterator]: () => iterator };
}

/** Python's `list(value)`: always a new array. */
export function toArray(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.slice();
  if (value instanceof PyTuple) return value.items.slice();
  return Array.from(iterate(value));
}

/** Python's `len(value)`; `undefined` where Python raises TypeError. */
export function findLength(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (isString(value)) return stringLength(rawString(value));
  if (value instanceof Map) return value.size;
  if (value instanceof PyTuple) return value.items.length;
  if (value instanceof PyUndefined) return value.mode === "strict" ? failUndefined(value) : 0;
  return value instanceof PyObject ? value.length() : undefined;
}

export function lengthOf(value: unknown): number {
  const length = findLength(value);
  return length ?? raise("TypeError", `object of type '${typeName(value)}' has no len()`);
}

/** Python's `item in container`. */
export function contains(container: unknown, item: unknown): boolean {
  if (isString(container)) {
    if (isString(item)) return rawString(container).includes(rawString(item));
    return raise("TypeError", `'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (container instanceof Map) return dictHas(container, item);
  if (container instanceof PyUndefined && container.mode === "strict") return failUndefined(container);
  const iterator = findIterator(container);
  if (!iterator) return raise("TypeError", `argument of type '${typeName(container)}' is not iterable`);
  for (let step = iterator.next(); step.done !== true; step = iterator.next())
    if (sameOrEquals(step.value, item)) return true;
  return false;
}

/** Takes `value` apart for `a, b = value`. */
export function unpack(value: unknown, count: number): readonly unknown[] {
  if (value instanceof PyTuple && value.items.length === count) return value.items;
  const iterator = findIterator(value);
  if (!iterator) return raise("TypeError", `cannot unpack non-iterable ${typeName(value)} object`);
  const items: unknown[] = [];
  for (let step = iterator.next(); step.done !== true; step = iterator.next()) {
    if (items.length === count) return raise("ValueError", `too many values to unpack (expected ${count})`);
    items.push(step.value);
  }
  if (items.length < count)
    return raise("ValueError", `not enough values to unpack (expected ${count}, got ${items.length})`);
  return items;
}
