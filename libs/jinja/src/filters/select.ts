import { raise } from "../errors.ts";
import type { Context } from "../runtime/context.ts";
import { truthy } from "../values/compare.ts";
import { iterate } from "../values/iterate.ts";
import { repr } from "../values/repr.ts";
import {
  isString,
  type Kwargs,
  PyIterator,
  PyUndefined,
  rawString,
  undefinedMessage,
} from "../values/types.ts";
import { attributeGetter, type Getter } from "./attributes.ts";
import { callFilter, defineFilter, type Filter } from "./filter.ts";

function named(context: Context, kind: "filter" | "test", name: unknown): Filter {
  const found = isString(name) ? context.runtime.host[kind](rawString(name)) : undefined;
  if (found) return found;
  const hint =
    name instanceof PyUndefined
      ? ` (${undefinedMessage(name)}; did you forget to quote the callable name?)`
      : "";
  return raise("TemplateRuntimeError", `No ${kind} named ${repr(name)}.${hint}`);
}

/** Calls the filter or test of that name; it is looked up for each item, as the first item may never come. */
function caller(
  context: Context,
  kind: "filter" | "test",
  name: unknown,
  args: readonly unknown[],
  kwargs: Kwargs,
): Getter {
  return (item) => callFilter(named(context, kind, name), [item, ...args], kwargs, context);
}

function mapper(context: Context, args: readonly unknown[], kwargs: Kwargs): Getter {
  const [name, ...rest] = args;
  if (args.length > 0) return caller(context, "filter", name, rest, kwargs);
  if (!kwargs.has("attribute")) return raise("FilterArgumentError", "map requires a filter argument");
  const unexpected = [...kwargs.keys()].find((key) => key !== "attribute" && key !== "default");
  if (unexpected !== undefined)
    return raise("FilterArgumentError", `Unexpected keyword argument '${unexpected}'`);
  return attributeGetter(context, kwargs.get("attribute"), { fallback: kwargs.get("default") });
}

function map(context: Context, value: unknown, args: unknown, kwargs: unknown): unknown {
  function* mapped(): Generator<unknown> {
    if (!truthy(value)) return;
    const get = mapper(context, args as readonly unknown[], kwargs as Kwargs);
    for (const item of iterate(value)) {
      context.runtime.meter.tick();
      yield get(item);
    }
  }
  return new PyIterator(mapped());
}

interface SelectOptions {
  readonly byAttribute: boolean;
  readonly keep: boolean;
}

function selector(context: Context, args: readonly unknown[], kwargs: Kwargs, byAttribute: boolean): Getter {
  if (byAttribute && args.length === 0)
    return raise("FilterArgumentError", "Missing parameter for attribute name");
  const get = byAttribute ? attributeGetter(context, args[0]) : (item: unknown) => item;
  const rest = byAttribute ? args.slice(1) : args;
  const [name, ...testArgs] = rest;
  if (rest.length === 0) return get;
  const test = caller(context, "test", name, testArgs, kwargs);
  return (item) => test(get(item));
}

function selecting({ byAttribute, keep }: SelectOptions) {
  return (context: Context, value: unknown, args: unknown, kwargs: unknown): unknown => {
    function* selected(): Generator<unknown> {
      if (!truthy(value)) return;
      const test = selector(context, args as readonly unknown[], kwargs as Kwargs, byAttribute);
      for (const item of iterate(value)) {
        context.runtime.meter.tick();
        if (truthy(test(item)) === keep) yield item;
      }
    }
    return new PyIterator(selected());
  };
}

export const selectFilters: Readonly<Record<string, Filter>> = {
  map: defineFilter("sync_do_map(context, value, *args, **kwargs)", map),
  reject: defineFilter(
    "sync_do_reject(context, value, *args, **kwargs)",
    selecting({ byAttribute: false, keep: false }),
  ),
  rejectattr: defineFilter(
    "sync_do_rejectattr(context, value, *args, **kwargs)",
    selecting({ byAttribute: true, keep: false }),
  ),
  select: defineFilter(
    "sync_do_select(context, value, *args, **kwargs)",
    selecting({ byAttribute: false, keep: true }),
  ),
  selectattr: defineFilter(
    "sync_do_selectattr(context, value, *args, **kwargs)",
    selecting({ byAttribute: true, keep: true }),
  ),
};
