import { isRecord } from "@pai/core";

export type Fields = Readonly<Record<string, unknown>>;

/** The map under a key; empty when there is none. */
export function mapIn(object: Fields, key: string): Fields {
  const value = object[key];
  return isRecord(value) ? value : {};
}

/** The maps of the list under a key. */
export function mapsIn(object: Fields, key: string): readonly Fields[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** A copy without the keys, and without what is undefined. */
export function without(object: Fields, ...keys: readonly string[]): Fields {
  return Object.fromEntries(
    Object.entries(object).filter(([key, value]) => !keys.includes(key) && value !== undefined),
  );
}

/** A copy in which the list under the key, if it is there, has each of its maps changed. */
export function withEach(object: Fields, key: string, change: (item: Fields) => Fields): Fields {
  const value = object[key];
  if (!Array.isArray(value)) return object;
  return { ...object, [key]: value.map((item: unknown) => (isRecord(item) ? change(item) : item)) };
}
