import { raise } from "../errors.ts";
import type { Context } from "../runtime/context.ts";
import { attributeOf } from "../values/access.ts";
import { truthy } from "../values/compare.ts";
import { isString, ownerName, PyUndefined, rawString, typeName } from "../values/types.ts";
import { defineFilter, type Filter } from "./filter.ts";
import { htmlFilters } from "./html.ts";
import { toJson } from "./json.ts";
import { numberFilters } from "./numbers.ts";
import { prettyFormat } from "./pprint.ts";
import { selectFilters } from "./select.ts";
import { sequenceFilters } from "./sequences.ts";
import { textFilters } from "./text.ts";

function fallback(_context: Context, value: unknown, instead: unknown, whenFalse: unknown): unknown {
  const missing = value instanceof PyUndefined || (truthy(whenFalse ?? false) && !truthy(value));
  return missing ? (instead === undefined ? "" : instead) : value;
}

/** Only attributes, never items. */
function attribute(context: Context, value: unknown, name: unknown): unknown {
  if (!isString(name)) return raise("TypeError", `attribute name must be string, not '${typeName(name)}'`);
  const { runtime } = context;
  const found = attributeOf(value, rawString(name), runtime);
  return found === undefined
    ? runtime.missing({ ownerType: ownerName(value), name: rawString(name) })
    : found;
}

export const builtinFilters: Readonly<Record<string, Filter>> = {
  ...htmlFilters,
  ...numberFilters,
  ...selectFilters,
  ...sequenceFilters,
  ...textFilters,
  attr: defineFilter("do_attr(environment, obj, name)", attribute),
  d: defineFilter("do_default(value, default_value=, boolean=)", fallback),
  default: defineFilter("do_default(value, default_value=, boolean=)", fallback),
  pprint: defineFilter("do_pprint(value)", (_context, value) => prettyFormat(value)),
  tojson: defineFilter("do_tojson(eval_ctx, value, indent=)", toJson),
};
