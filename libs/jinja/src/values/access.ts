// Attributes, items and slices. Only keys of dicts, the method tables and the attributes that objects of this
// package name themselves can be reached; nothing of JavaScript's objects.
import { raise } from "../errors.ts";
import { methodsOf } from "../methods/tables.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { BoundMethod } from "./callable.ts";
import { hashKey, dictGet } from "./dict.ts";
import { floorDivideInts } from "./integers.ts";
import { sameKind } from "./markup.ts";
import { charAt, codePoints, stringLength } from "./strings.ts";
import {
  failUndefined,
  isInt,
  isString,
  ownerName,
  PyFloat,
  PyObject,
  PyRange,
  PySlice,
  PyTuple,
  PyUndefined,
  rawString,
  typeName,
} from "./types.ts";

/** Python's `getattr`; `undefined` when there is none. */
export function attributeOf(value: unknown, name: string, _runtime: Runtime): unknown {
  if (value instanceof PyUndefined) return value.mode === "chainable" ? value : failUndefined(value);
  const method = methodsOf(value)?.get(name);
  if (method) return new BoundMethod(value, method, typeName(value));
  if (value instanceof PyObject || value instanceof PyTuple) return value.attribute(name);
  if (
    typeof value === "number" ||
    typeof value === "bigint" ||
    typeof value === "boolean" ||
    value instanceof PyFloat
  )
    return numberAttribute(value, name);
  return undefined;
}

function numberAttribute(value: number | bigint | boolean | PyFloat, name: string): unknown {
  const number = typeof value === "boolean" ? Number(value) : value;
  const float = typeName(number) === "float";
  if (name === "real") return number;
  if (name === "imag") return float ? new PyFloat(0) : 0;
  if (name === "numerator" && !float) return number;
  return name === "denominator" && !float ? 1 : undefined;
}

/** Python's `value[key]`; `undefined` when Python would raise TypeError, KeyError or IndexError. */
export function itemOf(value: unknown, key: unknown, _runtime: Runtime): unknown {
  if (value instanceof Map) return hashable(key) ? dictGet(value, key) : undefined;
  if (value instanceof PyUndefined) return value.mode === "chainable" ? value : failUndefined(value);
  if (value instanceof PyObject && !(value instanceof PyRange)) return value.item(key);
  const index = typeof key === "boolean" ? Number(key) : key;
  if (key instanceof PySlice) return sliceable(value) ? slice(value, key) : undefined;
  if (!isInt(index)) return undefined;
  const at = Number(index);
  if (Array.isArray(value)) return value[at < 0 ? at + value.length : at];
  if (value instanceof PyTuple) return value.items[at < 0 ? at + value.items.length : at];
  if (isString(value)) {
    const text = rawString(value);
    const char = charAt(text, at < 0 ? at + stringLength(text) : at);
    return char === "" ? undefined : sameKind(value, char);
  }
  if (value instanceof PyRange) {
    const position = at < 0 ? at + value.length() : at;
    return position >= 0 && position < value.length() ? value.start + position * value.step : undefined;
  }
  return undefined;
}

function hashable(key: unknown): boolean {
  if (typeof key === "string" || typeof key === "number") return true;
  if (key instanceof PyTuple) return key.items.every(hashable);
  if (Array.isArray(key) || key instanceof Map || key instanceof PySlice) return false;
  hashKey(key);
  return true;
}

/** `value.name` of a template: attributes before items. */
export function getAttribute(value: unknown, name: string, runtime: Runtime): unknown {
  // The usual case: a dict and a key that is no method.
  if (value instanceof Map && !methodsOf(value)?.has(name)) {
    const found: unknown = value.get(name);
    return found !== undefined ? found : missing(value, name, runtime);
  }
  const attribute = attributeOf(value, name, runtime);
  if (attribute !== undefined) return attribute;
  const item = itemOf(value, name, runtime);
  return item === undefined ? missing(value, name, runtime) : item;
}

/** `value[key]` of a template: items before attributes. */
export function getItem(value: unknown, key: unknown, runtime: Runtime): unknown {
  const found = itemOf(value, key, runtime);
  if (found !== undefined) return found;
  if (isString(key)) {
    const attribute = attributeOf(value, rawString(key), runtime);
    if (attribute !== undefined) return attribute;
  }
  return missing(value, key, runtime);
}

function missing(owner: unknown, name: unknown, runtime: Runtime): PyUndefined {
  return runtime.missing({
    ownerType: ownerName(owner),
    name: isString(name) ? rawString(name) : name,
    ...(owner instanceof Map ? { candidates: () => stringKeys(owner) } : {}),
  });
}

function stringKeys(dict: ReadonlyMap<unknown, unknown>): string[] {
  return [...dict.keys()].filter((key) => typeof key === "string");
}

type Sliceable = string | readonly unknown[] | PyTuple | PyRange;

function sliceable(value: unknown): value is Sliceable {
  return isString(value) || Array.isArray(value) || value instanceof PyTuple || value instanceof PyRange;
}

/** `value[start:stop:step]`, which bypasses the lookup rules of templates and raises Python's own errors. */
export function getSlice(value: unknown, range: PySlice): unknown {
  if (sliceable(value)) return slice(value, range);
  if (value instanceof PyUndefined) return value.mode === "chainable" ? value : failUndefined(value);
  if (value instanceof Map) return raise("TypeError", "unhashable type: 'slice'");
  return raise("TypeError", `'${typeName(value)}' object is not subscriptable`);
}

function slice(value: Sliceable, range: PySlice): unknown {
  if (isString(value)) {
    const points = codePoints(rawString(value));
    return sameKind(value, pick(points, sliceIndexes(range, points.length)).join(""));
  }
  if (value instanceof PyRange) {
    const { start, count, step } = sliceIndexes(range, value.length());
    const first = value.start + start * value.step;
    return new PyRange(first, first + count * step * value.step, step * value.step);
  }
  if (value instanceof PyTuple)
    return new PyTuple(pick(value.items, sliceIndexes(range, value.items.length)));
  return pick(value as readonly unknown[], sliceIndexes(range, (value as readonly unknown[]).length));
}

interface SliceIndexes {
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

function pick<T>(items: readonly T[], { start, count, step }: SliceIndexes): T[] {
  if (step === 1) return items.slice(start, start + count);
  return Array.from({ length: count }, (_, index) => items[start + index * step] as T);
}

function sliceIndexes(range: PySlice, length: number): SliceIndexes {
  const step = sliceNumber(range.step) ?? 1;
  if (step === 0) return raise("ValueError", "slice step cannot be zero");
  const low = step > 0 ? 0 : -1;
  const high = step > 0 ? length : length - 1;
  const clamp = (value: number): number => Math.min(Math.max(value < 0 ? value + length : value, low), high);
  const startValue = sliceNumber(range.start);
  const stopValue = sliceNumber(range.stop);
  const start = startValue === undefined ? (step > 0 ? 0 : length - 1) : clamp(startValue);
  const stop = stopValue === undefined ? (step > 0 ? length : -1) : clamp(stopValue);
  const distance = step > 0 ? stop - start : start - stop;
  const count = distance <= 0 ? 0 : Number(floorDivideInts(distance - 1, Math.abs(step))) + 1;
  return { start, count, step };
}

function sliceNumber(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "boolean") return Number(value);
  if (isInt(value))
    return Math.min(Math.max(Number(value), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
  return raise("TypeError", "slice indices must be integers or None or have an __index__ method");
}
