import { raise } from "../errors.ts";
import type { Context } from "../runtime/context.ts";
import { add, binary } from "../values/arithmetic.ts";
import { ordered, sameOrEquals, sortBy, truthy } from "../values/compare.ts";
import { type Dict, hashKey } from "../values/dict.ts";
import { findIterator, iterate, lengthOf, toArray } from "../values/iterate.ts";
import { escapeHtml, hasHtml, softStr } from "../values/markup.ts";
import { str } from "../values/repr.ts";
import {
  failUndefined,
  isString,
  Markup,
  PyIterator,
  PyRange,
  PyTuple,
  PyUndefined,
  typeName,
} from "../values/types.ts";
import { DictView } from "../values/dict-view.ts";
import { reverseString } from "../methods/str-search.ts";
import { integer } from "./arguments.ts";
import { attributeGetter, attributesGetter, type Getter, ignoreCase } from "./attributes.ts";
import { defineFilter, type Filter } from "./filter.ts";

/** A generator function of Python: nothing happens before the first item is asked for. */
function lazily(items: () => Generator<unknown>): PyIterator {
  return new PyIterator(items());
}

function caseOptions(caseSensitive: unknown): { post?: Getter } {
  return truthy(caseSensitive ?? false) ? {} : { post: ignoreCase };
}

function join(context: Context, value: unknown, separator: unknown, attribute: unknown): unknown {
  const glue = separator === undefined ? "" : separator;
  const getter =
    attribute === undefined || attribute === null ? undefined : attributeGetter(context, attribute);
  const escapes = truthy(context.escape.autoescape);
  const parts: unknown[] = [];
  if (!escapes) {
    const text = str(glue);
    for (const item of iterate(value)) parts.push(str(getter ? getter(item) : item));
    return parts.join(text);
  }
  for (const item of iterate(value)) parts.push(getter ? getter(item) : item);
  if (!hasHtml(glue) && !parts.some(hasHtml)) return parts.map(str).join(str(glue));
  return new Markup(
    parts.map((part) => escapeHtml(hasHtml(part) ? part : softStr(part)).value).join(escapeHtml(glue).value),
  );
}

function first(context: Context, value: unknown): unknown {
  const iterator = findIterator(value);
  if (!iterator) return raise("TypeError", `'${typeName(value)}' object is not iterable`);
  const step = iterator.next();
  return step.done === true ? context.runtime.hinted("No first item, sequence was empty.") : step.value;
}

/** What Python's `reversed` accepts. */
function reversible(value: unknown): unknown[] | undefined {
  if (value instanceof PyUndefined) return undefined;
  const able =
    Array.isArray(value) ||
    isString(value) ||
    value instanceof PyTuple ||
    value instanceof Map ||
    value instanceof PyRange ||
    value instanceof DictView;
  return able ? toArray(value).reverse() : undefined;
}

function last(context: Context, value: unknown): unknown {
  // Undefined is iterable and has a length but no items, so Python finds nothing to reverse.
  if (value instanceof PyUndefined) return failOrEmpty(value, context);
  const items = reversible(value);
  if (!items) return raise("TypeError", `'${typeName(value)}' object is not reversible`);
  return items.length === 0 ? context.runtime.hinted("No last item, sequence was empty.") : items[0];
}

function failOrEmpty(value: PyUndefined, context: Context): unknown {
  return value.mode === "strict"
    ? failUndefined(value)
    : context.runtime.hinted("No last item, sequence was empty.");
}

function reverse(value: unknown): unknown {
  if (isString(value))
    return value instanceof Markup ? new Markup(reverseString(value.value)) : reverseString(value);
  if (value instanceof PyUndefined)
    return value.mode === "strict" ? failUndefined(value) : new PyIterator([].values(), "reversed");
  const items = reversible(value);
  if (items)
    return new PyIterator(items.values(), Array.isArray(value) ? "list_reverseiterator" : "reversed");
  if (!findIterator(value)) return raise("FilterArgumentError", "argument must be iterable");
  return toArray(value).reverse();
}

function sort(
  context: Context,
  value: unknown,
  reversed: unknown,
  caseSensitive: unknown,
  attribute: unknown,
): unknown {
  const { post } = caseOptions(caseSensitive);
  return sortBy(
    toArray(value),
    attributesGetter(context, attribute ?? null, post),
    truthy(reversed ?? false),
  );
}

function dictSort(
  _context: Context,
  value: unknown,
  caseSensitive: unknown,
  by: unknown,
  reversed: unknown,
): unknown {
  const how = by === undefined ? "key" : by;
  if (how !== "key" && how !== "value")
    return raise("FilterArgumentError", 'You can only sort by either "key" or "value"');
  if (value instanceof PyUndefined) return failUndefined(value);
  if (!(value instanceof Map))
    return raise("AttributeError", `'${typeName(value)}' object has no attribute 'items'`);
  const { post = (item: unknown) => item } = caseOptions(caseSensitive);
  const pairs = [...(value as Dict)];
  return sortBy(pairs, (pair) => post(pair[how === "key" ? 0 : 1]), truthy(reversed ?? false)).map(
    (pair) => new PyTuple(pair),
  );
}

function unique(context: Context, value: unknown, caseSensitive: unknown, attribute: unknown): unknown {
  return lazily(function* () {
    const getter = attributeGetter(context, attribute, caseOptions(caseSensitive));
    const seen = new Set<unknown>();
    for (const item of iterate(value)) {
      const key = hashKey(getter(item));
      if (seen.has(key)) continue;
      seen.add(key);
      yield item;
    }
  });
}

function extreme(context: Context, args: readonly unknown[], order: "<" | ">"): unknown {
  const [value, caseSensitive, attribute] = args;
  const items = [...iterate(value)];
  if (items.length === 0) return context.runtime.hinted("No aggregated item, sequence was empty.");
  const getter = attributeGetter(context, attribute, caseOptions(caseSensitive));
  let best = items[0];
  let bestKey = getter(best);
  for (const item of items.slice(1)) {
    const key = getter(item);
    if (ordered(key, bestKey, order)) [best, bestKey] = [item, key];
  }
  return best;
}

/** A pair of `groupby`, which also answers to the names of its parts. */
class GroupTuple extends PyTuple {
  override attribute(name: string): unknown {
    return name === "grouper" ? this.items[0] : name === "list" ? this.items[1] : undefined;
  }
}

function groupBy(
  context: Context,
  value: unknown,
  attribute: unknown,
  fallback: unknown,
  caseSensitive: unknown,
): unknown {
  const getter = attributeGetter(context, attribute, { ...caseOptions(caseSensitive), fallback });
  const shown = attributeGetter(context, attribute, { fallback });
  const keepCase = truthy(caseSensitive ?? false);
  const groups: { key: unknown; items: unknown[] }[] = [];
  for (const item of sortBy(toArray(value), getter, false)) {
    const key = getter(item);
    const group = groups.at(-1);
    if (group && sameOrEquals(group.key, key)) group.items.push(item);
    else groups.push({ key, items: [item] });
  }
  return groups.map(({ key, items }) => new GroupTuple([keepCase ? key : shown(items[0]), items]));
}

function sum(context: Context, value: unknown, attribute: unknown, start: unknown): unknown {
  const getter =
    attribute === undefined || attribute === null ? undefined : attributeGetter(context, attribute);
  let total: unknown = start === undefined ? 0 : start;
  if (isString(total)) return raise("TypeError", "sum() can't sum strings [use ''.join(seq) instead]");
  for (const item of iterate(value)) {
    context.runtime.meter.tick();
    total = add(total, getter ? getter(item) : item, context.runtime.meter);
  }
  return total;
}

function slice(context: Context, value: unknown, slices: unknown, fill: unknown): unknown {
  return lazily(function* () {
    const items = toArray(value);
    const count = integer(slices);
    context.runtime.meter.repeat(count);
    if (count === 0) raise("ZeroDivisionError", "integer division or modulo by zero");
    const size = Math.floor(items.length / count);
    const extra = ((items.length % count) + count) % count;
    let offset = 0;
    for (let number = 0; number < count; number++) {
      const start = offset + number * size;
      if (number < extra) offset++;
      const part = items.slice(start, offset + (number + 1) * size);
      if (fill !== undefined && fill !== null && number >= extra) part.push(fill);
      yield part;
    }
  });
}

function batch(context: Context, value: unknown, count: unknown, fill: unknown): unknown {
  return lazily(function* () {
    let part: unknown[] = [];
    for (const item of iterate(value)) {
      if (sameOrEquals(part.length, count)) {
        yield part;
        part = [];
      }
      part.push(item);
    }
    if (part.length === 0) return;
    if (fill !== undefined && fill !== null && ordered(part.length, count, "<")) {
      const missing = integer(binary("-", count, part.length, context.runtime.meter));
      context.runtime.meter.repeat(missing);
      for (let index = 0; index < missing; index++) part.push(fill);
    }
    yield part;
  });
}

function random(context: Context, value: unknown): unknown {
  const length = lengthOf(value);
  if (length === 0) return context.runtime.hinted("No random item, sequence was empty.");
  if (value instanceof Map) return raise("KeyError", "0");
  return toArray(value)[Math.floor(Math.random() * length)];
}

function items(value: unknown): unknown {
  return lazily(function* () {
    if (value instanceof PyUndefined) return;
    if (!(value instanceof Map)) raise("TypeError", "Can only get item pairs from a mapping.");
    yield* iterate(new DictView(value as Dict, "items"));
  });
}

export const sequenceFilters: Readonly<Record<string, Filter>> = {
  batch: defineFilter("do_batch(value, linecount, fill_with=)", batch),
  count: defineFilter("len(obj)", (_context, value) => lengthOf(value)),
  dictsort: defineFilter("do_dictsort(value, case_sensitive=, by=, reverse=)", dictSort),
  first: defineFilter("sync_do_first(environment, seq)", first),
  groupby: defineFilter("sync_do_groupby(environment, value, attribute, default=, case_sensitive=)", groupBy),
  items: defineFilter("do_items(value)", (_context, value) => items(value)),
  join: defineFilter("sync_do_join(eval_ctx, value, d=, attribute=)", join),
  last: defineFilter("do_last(environment, seq)", last),
  length: defineFilter("len(obj)", (_context, value) => lengthOf(value)),
  list: defineFilter("sync_do_list(value)", (_context, value) => toArray(value)),
  max: defineFilter("do_max(environment, value, case_sensitive=, attribute=)", (context, ...args) =>
    extreme(context, args, ">"),
  ),
  min: defineFilter("do_min(environment, value, case_sensitive=, attribute=)", (context, ...args) =>
    extreme(context, args, "<"),
  ),
  random: defineFilter("do_random(context, seq)", random),
  reverse: defineFilter("do_reverse(value)", (_context, value) => reverse(value)),
  slice: defineFilter("sync_do_slice(value, slices, fill_with=)", slice),
  sort: defineFilter("do_sort(environment, value, reverse=, case_sensitive=, attribute=)", sort),
  sum: defineFilter("sync_do_sum(environment, iterable, attribute=, start=)", sum),
  unique: defineFilter("do_unique(environment, value, case_sensitive=, attribute=)", unique),
};
