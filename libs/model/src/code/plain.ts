// config/*.ts gets and gives plain objects: they are what people write in TypeScript.
import { isModelList, isModelObject, ModelFloat, type ModelObject, type ModelValue } from "../cluster.ts";

export type PlainValue = null | boolean | number | bigint | string | readonly PlainValue[] | PlainObject;
export interface PlainObject {
  readonly [key: string]: PlainValue;
}

function toPlain(value: ModelValue): PlainValue {
  if (isModelList(value)) return value.map(toPlain);
  if (isModelObject(value)) return plainObject(value);
  return value instanceof ModelFloat ? value.value : value;
}

export function plainObject(value: ModelObject): PlainObject {
  // No prototype: a key may be called __proto__.
  const object = Object.create(null) as Record<string, PlainValue>;
  for (const [key, item] of value) object[key] = toPlain(item);
  return object;
}

/**
 * The other way; Maps keep their order, `undefined` is left out of objects. Throws TypeError, naming the key,
 * for what no template can use.
 */
export function fromPlain(value: unknown, name: string, parents: readonly unknown[] = []): ModelValue {
  if (value === null || ["boolean", "bigint", "string"].includes(typeof value)) return value as ModelValue;
  if (typeof value === "number") return Number.isFinite(value) ? value : new ModelFloat(value);
  if (value instanceof ModelFloat) return value;
  if (typeof value !== "object") throw new TypeError(`${name} is ${typeof value}, which no template can use`);
  if (parents.includes(value)) throw new TypeError(`${name} holds itself`);
  const inside = [...parents, value];
  if (Array.isArray(value)) return value.map((item, index) => fromPlain(item, `${name}[${index}]`, inside));
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return new Map(
    entries
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [String(key), fromPlain(item, `${name}.${String(key)}`, inside)]),
  );
}
