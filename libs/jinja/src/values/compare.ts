import { raise } from "../errors.ts";
import { dictGet } from "./dict.ts";
import { compareStrings } from "./strings.ts";
import {
  failUndefined,
  isString,
  Markup,
  PyFloat,
  PyObject,
  PyTuple,
  PyUndefined,
  rawString,
  typeName,
} from "./types.ts";

export function truthy(value: unknown): boolean {
  switch (typeof value) {
    case "boolean":
      return value;
    case "string":
      return value !== "";
    case "number":
      return value !== 0;
    case "bigint":
      return value !== 0n;
    case "object":
    case "function":
    case "symbol":
    case "undefined":
  }
  if (value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  if (value instanceof PyUndefined) return value.mode === "strict" ? failUndefined(value) : false;
  if (value instanceof PyTuple) return value.items.length > 0;
  if (value instanceof PyFloat) return value.value !== 0;
  if (value instanceof Markup) return value.value !== "";
  if (value instanceof PyObject) return value.truthy();
  return true;
}

/** The JavaScript number of an int, bool or float; `undefined` for all else. */
export function numberOf(value: unknown): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  return value instanceof PyFloat ? value.value : undefined;
}

export function equals(a: unknown, b: unknown): boolean {
  if (typeof a === "string" && typeof b === "string") return a === b;
  if (a instanceof PyUndefined || b instanceof PyUndefined) return undefinedEquals(a, b);
  if (a === b) return !(a instanceof PyFloat) || !Number.isNaN(a.value);
  const left = numberOf(a);
  if (left !== undefined) {
    const right = numberOf(b);
    return right !== undefined && exactlyEqual(left, right);
  }
  if (isString(a)) return isString(b) && rawString(a) === rawString(b);
  if (Array.isArray(a)) return Array.isArray(b) && itemsEqual(a, b);
  if (a instanceof PyTuple) return b instanceof PyTuple && itemsEqual(a.items, b.items);
  if (a instanceof Map) return b instanceof Map && dictsEqual(a, b);
  if (a instanceof PyObject) return a.equals(b);
  return b instanceof PyObject && b.equals(a);
}

function exactlyEqual(a: number | bigint, b: number | bigint): boolean {
  if (typeof a === typeof b) return a === b;
  const [float, int] = typeof a === "number" ? [a, BigInt(b)] : [Number(b), BigInt(a)];
  return Number.isInteger(float) && BigInt(float) === int;
}

function undefinedEquals(a: unknown, b: unknown): boolean {
  if (a instanceof PyUndefined && a.mode === "strict") return failUndefined(a);
  if (b instanceof PyUndefined && b.mode === "strict") return failUndefined(b);
  return a instanceof PyUndefined && b instanceof PyUndefined && a.mode === b.mode;
}

/** Containers take an item for equal to itself without asking. */
export function sameOrEquals(a: unknown, b: unknown): boolean {
  return a === b || equals(a, b);
}

function itemsEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => sameOrEquals(item, b[index]));
}

function dictsEqual(a: Map<unknown, unknown>, b: Map<unknown, unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = dictGet(b, key);
    if (other === undefined || !sameOrEquals(value, other)) return false;
  }
  return true;
}

export type Order = "<" | "<=" | ">" | ">=";

export function ordered(a: unknown, b: unknown, order: Order): boolean {
  const left = numberOf(a);
  const right = numberOf(b);
  if (left !== undefined && right !== undefined) return holds(order, left, right);
  if (a instanceof PyUndefined) return failUndefined(a);
  if (b instanceof PyUndefined) return failUndefined(b);
  if (isString(a) && isString(b)) return holds(order, compareStrings(rawString(a), rawString(b)), 0);
  if (Array.isArray(a) && Array.isArray(b)) return itemsOrdered(a, b, order);
  if (a instanceof PyTuple && b instanceof PyTuple) return itemsOrdered(a.items, b.items, order);
  return raise(
    "TypeError",
    `'${order}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`,
  );
}

function holds(order: Order, left: number | bigint, right: number | bigint): boolean {
  switch (order) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}

function itemsOrdered(a: readonly unknown[], b: readonly unknown[], order: Order): boolean {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++)
    if (!sameOrEquals(a[index], b[index])) return ordered(a[index], b[index], order);
  return holds(order, a.length, b.length);
}

/** Python's `is`. Numbers and strings have no identity here, so equal ones of one type are taken for the same. */
export function identical(a: unknown, b: unknown): boolean {
  return a === b;
}

/** A stable sort by Python's `<`; `reverse` keeps the order of equal items. */
export function sortBy<T>(items: readonly T[], key: (item: T) => unknown, reverse: boolean): T[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  if (reverse) keyed.reverse();
  keyed.sort((a, b) => (ordered(a.key, b.key, "<") ? -1 : ordered(b.key, a.key, "<") ? 1 : 0));
  if (reverse) keyed.reverse();
  return keyed.map(({ item }) => item);
}
