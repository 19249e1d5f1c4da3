// Values between pai and bridge.py, one JSON text each. JSON alone would lose what Python tells apart: the
// order of keys that look like numbers, 40 and 40.0, ints past 2^53, nan. So a dict is {"d": [key, value, …]},
// an integral or special float {"f": "40.0"}, a long int {"i": "…"}; the rest is plain JSON.
import { isModelList, isModelObject, ModelFloat, type ModelValue } from "../cluster.ts";

export type WireValue = null | boolean | number | string | readonly WireValue[] | WireTag;
type WireTag = { readonly d: readonly WireValue[] } | { readonly f: string } | { readonly i: string };

export function toWire(value: ModelValue): WireValue {
  if (isModelList(value)) return value.map(toWire);
  if (isModelObject(value)) return { d: [...value].flatMap(([key, item]) => [key, toWire(item)]) };
  if (value instanceof ModelFloat) return { f: value.toString() };
  if (typeof value === "bigint") return { i: value.toString() };
  return value;
}

/** Throws TypeError for what bridge.py cannot have sent. */
export function fromWire(value: unknown): ModelValue {
  if (Array.isArray(value)) return value.map(fromWire);
  if (value === null || typeof value !== "object") return value as null | boolean | number | string;
  if ("f" in value) return new ModelFloat(floatOf(String(value.f)));
  if ("i" in value) return BigInt(String(value.i));
  if ("d" in value && Array.isArray(value.d)) return dictOf(value.d);
  throw new TypeError("a value of an unknown form");
}

function dictOf(body: readonly unknown[]): ModelValue {
  const dict = new Map<string, ModelValue>();
  for (let index = 0; index < body.length; index += 2) {
    dict.set(String(body[index]), fromWire(body[index + 1]));
  }
  return dict;
}

function floatOf(text: string): number {
  if (text === "nan") return Number.NaN;
  return text.endsWith("inf") ? (text.startsWith("-") ? -Infinity : Infinity) : Number(text);
}
