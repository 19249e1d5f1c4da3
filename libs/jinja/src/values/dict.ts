// A dict is a Map. Keys that Python finds equal must be one key: 1, 1.0 and True, and tuples by their items.
// Strings, None and ints are their own Map key; the first key of an equal group stays, as in Python.
import { raise } from "../errors.ts";
import { failUndefined, Markup, PyFloat, PyObject, PyTuple, PyUndefined, typeName } from "./types.ts";

export type Dict = Map<unknown, unknown>;

/** For dicts that hold keys JavaScript compares by reference: normal form of the key -> the key in the Map. */
const objectKeys = new WeakMap<Dict, Map<unknown, unknown>>();

const objectIds = new WeakMap<object, string>();
let lastObjectId = 0;

/** A value that is equal for equal keys; raises for keys that cannot be hashed. */
export function hashKey(key: unknown): unknown {
  switch (typeof key) {
    case "string":
    case "number":
    case "bigint":
      return key;
    case "boolean":
      return key ? 1 : 0;
    case "object":
    case "function":
    case "symbol":
    case "undefined":
  }
  if (key === null) return null;
  if (key instanceof PyFloat) return key.value === 0 ? 0 : bigAware(key.value);
  if (key instanceof Markup) return key.value;
  if (key instanceof PyTuple)
    return `\0tuple:${JSON.stringify(key.items.map((item) => describe(hashKey(item))))}`;
  if (Array.isArray(key) || key instanceof Map)
    return raise("TypeError", `unhashable type: '${typeName(key)}'`);
  if (key instanceof PyUndefined)
    return key.mode === "strict" ? failUndefined(key) : `\0undefined:${key.mode}`;
  if (key instanceof PyObject) return `\0object:${objectId(key)}`;
  return raise("TypeError", `unhashable type: '${typeName(key)}'`);
}

function bigAware(value: number): number | bigint {
  return Number.isSafeInteger(value) || !Number.isInteger(value) ? value : BigInt(value);
}

function describe(hash: unknown): string {
  return `${typeof hash}:${String(hash)}`;
}

function objectId(key: object): string {
  let id = objectIds.get(key);
  if (id === undefined) objectIds.set(key, (id = String(++lastObjectId)));
  return id;
}

function needsIndex(key: unknown): boolean {
  return typeof key === "object" ? key !== null : typeof key === "boolean";
}

function indexOf(dict: Dict): Map<unknown, unknown> {
  let index = objectKeys.get(dict);
  if (!index) {
    index = new Map();
    for (const key of dict.keys()) if (needsIndex(key)) index.set(hashKey(key), key);
    objectKeys.set(dict, index);
  }
  return index;
}

/** The key under which the dict holds an equal key, or `undefined`. */
function heldKey(dict: Dict, key: unknown): { key: unknown } | undefined {
  if (!needsIndex(key) && dict.has(key)) return { key };
  // A string is equal to nothing but itself (and Markup, which is indexed).
  if (typeof key === "string" && !objectKeys.has(dict)) return undefined;
  const hash = hashKey(key);
  if (dict.has(hash)) return { key: hash };
  const index = indexOf(dict);
  return index.has(hash) ? { key: index.get(hash) } : undefined;
}

export function dictGet(dict: Dict, key: unknown): unknown {
  const direct = typeof key === "string" ? dict.get(key) : undefined;
  if (direct !== undefined) return direct;
  const held = heldKey(dict, key);
  return held && dict.get(held.key);
}

export function dictHas(dict: Dict, key: unknown): boolean {
  return heldKey(dict, key) !== undefined;
}

export function dictSet(dict: Dict, key: unknown, value: unknown): void {
  const held = heldKey(dict, key);
  if (held) dict.set(held.key, value);
  else {
    if (needsIndex(key)) indexOf(dict).set(hashKey(key), key);
    dict.set(key, value);
  }
}

export function dictDelete(dict: Dict, key: unknown): boolean {
  const held = heldKey(dict, key);
  if (!held) return false;
  if (needsIndex(held.key)) indexOf(dict).delete(hashKey(held.key));
  return dict.delete(held.key);
}
