import type { Context } from "../runtime/context.ts";
import { getItem } from "../values/access.ts";
import { isString, PyUndefined, rawString } from "../values/types.ts";

export type Getter = (item: unknown) => unknown;

export function ignoreCase(value: unknown): unknown {
  return isString(value) ? rawString(value).toLowerCase() : value;
}

function parts(attribute: unknown): unknown[] {
  if (attribute === null || attribute === undefined) return [];
  if (!isString(attribute)) return [attribute];
  return rawString(attribute)
    .split(".")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** Looks up `a.b.0` in an item; without an attribute, the item itself. */
export function attributeGetter(
  context: Context,
  attribute: unknown,
  options: { post?: Getter; fallback?: unknown } = {},
): Getter {
  const path = parts(attribute);
  const { post, fallback } = options;
  return (item) => {
    let value = item;
    for (const part of path) {
      value = getItem(value, part, context.runtime);
      if (fallback !== undefined && fallback !== null && value instanceof PyUndefined) value = fallback;
    }
    return post ? post(value) : value;
  };
}

/** Looks up several attributes, written with commas. */
export function attributesGetter(
  context: Context,
  attribute: unknown,
  post: Getter | undefined,
): (item: unknown) => unknown[] {
  const names: readonly unknown[] = isString(attribute) ? rawString(attribute).split(",") : [attribute];
  const getters = names.map((name) => attributeGetter(context, name, post ? { post } : {}));
  return (item) => getters.map((getter) => getter(item));
}
