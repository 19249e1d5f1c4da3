import { raise } from "../errors.ts";
import type { Context } from "../runtime/context.ts";
import { Callable, type Method, methodTable, type MethodTable } from "../values/callable.ts";
import { equals, sameOrEquals, sortBy, truthy } from "../values/compare.ts";
import { type Dict, dictDelete, dictGet, dictSet } from "../values/dict.ts";
import { DictView } from "../values/dict-view.ts";
import { iterate, toArray, unpack } from "../values/iterate.ts";
import { stringLength } from "../values/strings.ts";
import { repr } from "../values/repr.ts";
import { failUndefined, type Kwargs, PyIterator, PyTuple, PyUndefined, typeName } from "../values/types.ts";
import { indexArgument, optionalIndex } from "./arguments.ts";

function position(items: readonly unknown[], args: readonly unknown[], kind: "list" | "tuple"): number {
  const length = items.length;
  const clamp = (value: number): number =>
    value < 0 ? Math.max(0, value + length) : Math.min(value, length);
  const from = clamp(optionalIndex(args[1], 0));
  const to = clamp(optionalIndex(args[2], length));
  for (let at = from; at < to; at++) if (sameOrEquals(items[at], args[0])) return at;
  return raise(
    "ValueError",
    kind === "list" ? `${repr(args[0])} is not in list` : "tuple.index(x): x not in tuple",
  );
}

function occurrences(items: readonly unknown[], wanted: unknown): number {
  return items.filter((item) => sameOrEquals(item, wanted)).length;
}

function keyOf(key: unknown, context: Context): (item: unknown) => unknown {
  if (key === undefined || key === null) return (item) => item;
  if (!(key instanceof Callable)) return raise("TypeError", `'${typeName(key)}' object is not callable`);
  return (item) => key.call([item], new Map(), context);
}

const sort: Method = {
  name: "sort",
  call: (self, args, kwargs, context) => {
    if (args.length > 0) return raise("TypeError", "sort() takes no positional arguments");
    for (const name of kwargs.keys())
      if (name !== "key" && name !== "reverse")
        return raise("TypeError", `'${name}' is an invalid keyword argument for sort()`);
    const list = self as unknown[];
    list.splice(
      0,
      list.length,
      ...sortBy(list, keyOf(kwargs.get("key"), context), truthy(kwargs.get("reverse") ?? false)),
    );
    return null;
  },
};

export const listMethods: MethodTable = new Map([
  ...methodTable<unknown[]>("list", {
    append: [
      "object",
      (self, [item], context) => {
        context.runtime.meter.repeat(self.length);
        self.push(item);
        return null;
      },
    ],
    clear: [
      "",
      (self) => {
        self.length = 0;
        return null;
      },
    ],
    copy: ["", (self) => [...self]],
    count: ["value", (self, [value]) => occurrences(self, value)],
    extend: [
      "iterable",
      (self, [items], context) => {
        const more = toArray(items);
        context.runtime.meter.repeat(self.length + more.length);
        for (const item of more) self.push(item);
        return null;
      },
    ],
    index: ["value start? stop?", (self, args) => position(self, args, "list")],
    insert: [
      "index object",
      (self, [at, item]) => {
        self.splice(indexArgument(at), 0, item);
        return null;
      },
    ],
    pop: [
      "index?",
      (self, [at]) => {
        if (self.length === 0) return raise("IndexError", "pop from empty list");
        const index = at === undefined ? self.length - 1 : indexArgument(at);
        const place = index < 0 ? index + self.length : index;
        if (place < 0 || place >= self.length) return raise("IndexError", "pop index out of range");
        return self.splice(place, 1)[0];
      },
    ],
    remove: [
      "value",
      (self, [value]) => {
        const at = self.findIndex((item) => sameOrEquals(item, value));
        if (at < 0) return raise("ValueError", "list.remove(x): x not in list");
        self.splice(at, 1);
        return null;
      },
    ],
    reverse: [
      "",
      (self) => {
        self.reverse();
        return null;
      },
    ],
  }),
  ["sort", sort],
]);

export const tupleMethods: MethodTable = methodTable<PyTuple>("tuple", {
  count: ["value", (self, [value]) => occurrences(self.items, value)],
  index: ["value start? stop?", (self, args) => position(self.items, args, "tuple")],
});

/** Fills a dict as `dict(...)` and `update(...)` do. */
export function fillDict(dict: Dict, args: readonly unknown[], kwargs: Kwargs, called: string): void {
  if (args.length > 1) raise("TypeError", `${called} expected at most 1 argument, got ${args.length}`);
  const [source] = args;
  // Python asks for its keys, which an Undefined does not let pass.
  if (source instanceof PyUndefined) failUndefined(source);
  if (source instanceof Map) for (const [key, value] of source) dictSet(dict, key, value);
  else if (source !== undefined) fillFromPairs(dict, source);
  for (const [key, value] of kwargs) dictSet(dict, key, value);
}

function fillFromPairs(dict: Dict, source: unknown): void {
  let index = 0;
  for (const pair of iterate(source)) {
    const items = isPair(pair) ? unpack(pair, 2) : pairLengthError(pair, index);
    dictSet(dict, items[0], items[1]);
    index++;
  }
}

function isPair(value: unknown): boolean {
  if (value instanceof PyTuple) return value.items.length === 2;
  return Array.isArray(value) ? value.length === 2 : typeof value === "string" && stringLength(value) === 2;
}

function pairLengthError(pair: unknown, index: number): never {
  if (typeof pair !== "string" && !Array.isArray(pair) && !(pair instanceof PyTuple))
    return raise("TypeError", `cannot convert dictionary update sequence element #${index} to a sequence`);
  return raise(
    "ValueError",
    `dictionary update sequence element #${index} has length ${toArray(pair).length}; 2 is required`,
  );
}

const update: Method = {
  name: "update",
  call: (self, args, kwargs) => {
    fillDict(self as Dict, args, kwargs, "update");
    return null;
  },
};

export const dictMethods: MethodTable = new Map([
  ...methodTable<Dict>("dict", {
    clear: [
      "",
      (self) => {
        for (const key of self.keys()) dictDelete(self, key);
        return null;
      },
    ],
    copy: ["", (self) => new Map(self)],
    fromkeys: [
      "iterable value?",
      (_self, [keys, value]) => {
        const made: Dict = new Map();
        for (const key of iterate(keys)) dictSet(made, key, value ?? null);
        return made;
      },
    ],
    get: ["key default?", (self, [key, fallback]) => lookUp(self, key, fallback ?? null)],
    items: ["", (self) => new DictView(self, "items")],
    keys: ["", (self) => new DictView(self, "keys")],
    pop: [
      "key default?",
      (self, [key, fallback]) => {
        const value = dictGet(self, key);
        if (dictDelete(self, key)) return value;
        return fallback === undefined ? raise("KeyError", repr(key)) : fallback;
      },
    ],
    popitem: [
      "",
      (self) => {
        const last = [...self].pop();
        if (!last) return raise("KeyError", "'popitem(): dictionary is empty'");
        dictDelete(self, last[0]);
        return new PyTuple(last);
      },
    ],
    setdefault: [
      "key default?",
      (self, [key, fallback]) => {
        const held = dictGet(self, key);
        if (held !== undefined) return held;
        dictSet(self, key, fallback ?? null);
        return fallback ?? null;
      },
    ],
    values: ["", (self) => new DictView(self, "values")],
    // Python 2's names, which templates written for it use.
    has_key: ["key", (self, [key]) => dictGet(self, key) !== undefined],
    iteritems: ["", (self) => viewIterator(self, "items")],
    iterkeys: ["", (self) => viewIterator(self, "keys")],
    itervalues: ["", (self) => viewIterator(self, "values")],
  }),
  ["update", update],
]);

function lookUp(dict: Dict, key: unknown, fallback: unknown): unknown {
  const found = dictGet(dict, key);
  return found === undefined ? fallback : found;
}

function viewIterator(dict: Dict, kind: "items" | "keys" | "values"): PyIterator {
  return new PyIterator(new DictView(dict, kind).iterator(), `dict_${kind.slice(0, -1)}iterator`);
}

export const viewMethods: MethodTable = methodTable<DictView>("dict_view", {
  isdisjoint: [
    "other",
    (self, [other]) => {
      const mine = toArray(self);
      return !toArray(other).some((item) => mine.some((own) => equals(own, item)));
    },
  ],
});
