import { raise } from "../errors.ts";
import type { Context } from "../runtime/context.ts";
import { truthy } from "../values/compare.ts";
import { findIterator, iterate, unpack } from "../values/iterate.ts";
import { stripTags } from "../values/html.ts";
import { escapeHtml } from "../values/markup.ts";
import { repr, str } from "../values/repr.ts";
import { splitSpace } from "../values/strings.ts";
import {
  failUndefined,
  isString,
  Markup,
  PyTuple,
  PyUndefined,
  rawString,
  typeName,
} from "../values/types.ts";
import { integer } from "./arguments.ts";
import { defineFilter, type Filter } from "./filter.ts";
import { urlize } from "./urlize.ts";

/** Percent-encoding with the characters Python's `quote` leaves. */
function quote(value: unknown, forQuery: boolean): string {
  const text = isString(value) ? rawString(value) : str(value);
  let encoded: string;
  try {
    encoded = encodeURIComponent(text);
  } catch {
    return raise("UnicodeEncodeError", "'utf-8' codec can't encode a lone surrogate");
  }
  encoded = encoded.replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return forQuery ? encoded.replaceAll("%20", "+") : encoded.replaceAll("%2F", "/");
}

function urlEncode(value: unknown): string {
  const iterable = !isString(value) && (value instanceof PyUndefined || findIterator(value) !== undefined);
  if (!iterable) return quote(value, false);
  const pairs = value instanceof Map ? [...value].map((pair) => new PyTuple(pair)) : iterate(value);
  const parts: string[] = [];
  for (const pair of pairs) {
    const [key, item] = unpack(pair, 2);
    parts.push(`${quote(key, true)}=${quote(item, true)}`);
  }
  return parts.join("&");
}

function xmlAttributes(context: Context, value: unknown, autospace: unknown): unknown {
  if (value instanceof PyUndefined) return failUndefined(value);
  if (!(value instanceof Map))
    return raise("AttributeError", `'${typeName(value)}' object has no attribute 'items'`);
  const parts: string[] = [];
  for (const [key, item] of value) {
    if (item === null || item instanceof PyUndefined) continue;
    if (!isString(key))
      return raise("TypeError", "expected string or bytes-like object, got " + `'${typeName(key)}'`);
    if (/[\t-\r />=]/.test(rawString(key)))
      return raise("ValueError", `Invalid character in attribute name: ${repr(key)}`);
    parts.push(`${escapeHtml(key).value}="${escapeHtml(item).value}"`);
  }
  const text = parts.join(" ");
  const spaced = truthy(autospace ?? true) && text !== "" ? ` ${text}` : text;
  return truthy(context.escape.autoescape) ? new Markup(spaced) : spaced;
}

function links(context: Context, ...args: readonly unknown[]): unknown {
  const [value, limit, nofollow, target, rel, schemes] = args;
  const parts = new Set(isString(rel) ? splitSpace(rawString(rel)) : []);
  if (truthy(nofollow ?? false)) parts.add("nofollow");
  parts.add("noopener");
  const extraSchemes = schemes === undefined || schemes === null ? [] : [...iterate(schemes)].map(str);
  for (const scheme of extraSchemes)
    if (!/^[\p{L}\p{N}_.+-]{2,}:\/{0,2}$/u.test(scheme))
      return raise("FilterArgumentError", `${repr(scheme)} is not a valid URI scheme prefix.`);
  const text = urlize(value, {
    limit: limit === undefined || limit === null ? undefined : integer(limit),
    rel: [...parts].sort().join(" "),
    target: target === undefined || target === null ? undefined : str(target),
    extraSchemes,
  });
  return truthy(context.escape.autoescape) ? new Markup(text) : text;
}

export const htmlFilters: Readonly<Record<string, Filter>> = {
  e: defineFilter("escape(s)", (_context, value) => escapeHtml(value)),
  escape: defineFilter("escape(s)", (_context, value) => escapeHtml(value)),
  forceescape: defineFilter("do_forceescape(value)", (_context, value) => escapeHtml(str(value))),
  safe: defineFilter("do_mark_safe(value)", (_context, value) => new Markup(str(value))),
  striptags: defineFilter("do_striptags(value)", (_context, value) => stripTags(str(value))),
  urlencode: defineFilter("do_urlencode(value)", (_context, value) => urlEncode(value)),
  urlize: defineFilter(
    "do_urlize(eval_ctx, value, trim_url_limit=, nofollow=, target=, rel=, extra_schemes=)",
    links,
  ),
  xmlattr: defineFilter("do_xmlattr(eval_ctx, d, autospace=)", xmlAttributes),
};
