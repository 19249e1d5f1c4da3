// Values of JavaScript as values of templates: plain objects become dicts; what templates cannot hold is refused.
import { raise } from "./errors.ts";
import { Markup, PyFloat, PyObject, PyTuple, PyUndefined, toFloat } from "./values/types.ts";

/** The value itself where it can be used as it is; arrays and Maps are only copied when something in them must change. */
export function fromHost(value: unknown, path: string): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "bigint":
      return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
    case "number":
      return Number.isInteger(value) ? hostInteger(value) : toFloat(value);
    case "undefined":
      return null;
    case "object":
      return value === null ? null : fromObject(value, path);
    case "function":
    case "symbol":
      return raise("TypeError", `${path} is a ${typeof value}, which templates cannot hold`);
  }
}

function hostInteger(value: number): number | bigint {
  return Number.isSafeInteger(value) ? value + 0 : BigInt(value);
}

function fromObject(value: object, path: string): unknown {
  if (Array.isArray(value)) return fromArray(value, path);
  if (value instanceof Map) return fromMap(value, path);
  if (value instanceof PyObject || value instanceof PyFloat || value instanceof PyTuple) return value;
  if (value instanceof Markup || value instanceof PyUndefined) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return raise("TypeError", `${path} is an object of a class, which templates cannot hold`);
  const dict = new Map<unknown, unknown>();
  for (const [key, item] of Object.entries(value))
    if (item !== undefined) dict.set(key, fromHost(item, `${path}.${key}`));
  return dict;
}

function fromArray(list: readonly unknown[], path: string): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    if (typeof item === "string") continue;
    const usable = fromHost(item, path);
    if (usable === item) continue;
    copy ??= [...list];
    copy[index] = usable;
  }
  return copy ?? list;
}

const prepared = new WeakSet<object>();

/**
 * A dict for many renders: it is looked through here, and not again by each of them. It must not be changed
 * any more.
 */
export function prepareDict(dict: ReadonlyMap<string, unknown>): Map<string, unknown> {
  const usable = fromHost(dict, "dict") as Map<string, unknown>;
  prepared.add(usable);
  return usable;
}

function fromMap(dict: Map<unknown, unknown>, path: string): Map<unknown, unknown> {
  if (prepared.has(dict)) return dict;
  let copy: Map<unknown, unknown> | undefined;
  for (const [key, item] of dict) {
    if (typeof item === "string") continue;
    const usable = fromHost(item, path);
    if (usable === item) continue;
    copy ??= new Map(dict);
    copy.set(key, usable);
  }
  return copy ?? dict;
}
