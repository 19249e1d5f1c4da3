import { raise } from "../errors.ts";
import type { Context } from "../runtime/context.ts";
import { getSlice } from "../values/access.ts";
import { add } from "../values/arithmetic.ts";
import { truthy } from "../values/compare.ts";
import { lengthOf } from "../values/iterate.ts";
import { escapeHtml, hasHtml, sameKind, softStr } from "../values/markup.ts";
import { percentFormat } from "../values/percent-format.ts";
import { str } from "../values/repr.ts";
import { replaceString, splitLines } from "../values/strings.ts";
import {
  isString,
  type Kwargs,
  Markup,
  PySlice,
  PyTuple,
  PyUndefined,
  failUndefined,
  rawString,
  typeName,
} from "../values/types.ts";
import { methodsOf } from "../methods/tables.ts";
import { NO_KWARGS } from "../values/callable.ts";
import { integer } from "./arguments.ts";
import { defineFilter, type Filter } from "./filter.ts";
import { wrapText } from "./wrap.ts";

/** Calls a method of the text the value becomes. */
function viaMethod(context: Context, value: unknown, name: string, args: readonly unknown[] = []): unknown {
  const text = softStr(value);
  return methodsOf(text)?.get(name)?.call(text, args, NO_KWARGS, context);
}

function replace(
  context: Context,
  value: unknown,
  old: unknown,
  replacement: unknown,
  limit: unknown,
): unknown {
  const count = limit === undefined || limit === null ? -1 : integer(limit);
  if (!truthy(context.escape.autoescape)) return replaceString(str(value), str(old), str(replacement), count);
  const text = hasHtml(old) || (hasHtml(replacement) && !hasHtml(value)) ? escapeHtml(value) : softStr(value);
  const args = [softStr(old), softStr(replacement), count];
  return methodsOf(text)?.get("replace")?.call(text, args, NO_KWARGS, context);
}

const WORD_START = /([-\s({[<]+)/u;

function title(value: unknown): string {
  return rawString(softStr(value))
    .split(WORD_START)
    .map((part) => {
      const [first = ""] = part;
      return first.toUpperCase() + part.slice(first.length).toLowerCase();
    })
    .join("");
}

function indent(context: Context, value: unknown, width: unknown, first: unknown, blank: unknown): unknown {
  const size = width ?? 4;
  const spaces = isString(size) ? rawString(size) : " ".repeat(repeatable(context, integer(size)));
  // Python's `+=` adds the newline to a list in place before it finds that a list has no lines.
  if (Array.isArray(value)) {
    value.push("\n");
    return raise("AttributeError", "'list' object has no attribute 'splitlines'");
  }
  const extended = add(value, value instanceof Markup ? new Markup("\n") : "\n", context.runtime.meter);
  if (!isString(extended))
    return raise("AttributeError", `'${typeName(extended)}' object has no attribute 'splitlines'`);
  const lines = splitLines(rawString(extended));
  const always = truthy(blank ?? false);
  const text = lines
    .map((line, index) => (index > 0 && (line !== "" || always) ? spaces + line : line))
    .join("\n");
  return sameKind(extended, truthy(first ?? false) ? spaces + text : text);
}

function repeatable(context: Context, count: number): number {
  context.runtime.meter.repeat(count);
  return Math.max(0, count);
}

function truncate(
  context: Context,
  value: unknown,
  length: unknown,
  killWords: unknown,
  end: unknown,
  leeway: unknown,
): unknown {
  const most = integer(length ?? 255);
  const tail = end ?? "...";
  const slack = integer(leeway ?? 5);
  const tailLength = lengthOf(tail);
  if (most < tailLength) return raise("AssertionError", `expected length >= ${tailLength}, got ${most}`);
  if (slack < 0) return raise("AssertionError", `expected leeway >= 0, got ${slack}`);
  if (lengthOf(value) <= most + slack) return value;
  const cut = getSlice(value, new PySlice(null, most - tailLength, null));
  if (truthy(killWords ?? false)) return add(cut, tail, context.runtime.meter);
  if (!isString(cut)) return raise("AttributeError", `'${typeName(cut)}' object has no attribute 'rsplit'`);
  const text = rawString(cut);
  const space = text.lastIndexOf(" ");
  return add(sameKind(cut, space < 0 ? text : text.slice(0, space)), tail, context.runtime.meter);
}

function wordWrap(
  _context: Context,
  value: unknown,
  width: unknown,
  breakLong: unknown,
  wrapWith: unknown,
  breakOnHyphens: unknown,
): unknown {
  if (value instanceof PyUndefined) return failUndefined(value);
  if (!isString(value))
    return raise("AttributeError", `'${typeName(value)}' object has no attribute 'splitlines'`);
  const joiner = wrapWith === undefined || wrapWith === null ? "\n" : wrapWith;
  if (!isString(joiner))
    return raise("AttributeError", `'${typeName(joiner)}' object has no attribute 'join'`);
  const options = {
    width: integer(width ?? 79),
    breakLongWords: truthy(breakLong ?? true),
    breakOnHyphens: truthy(breakOnHyphens ?? true),
  };
  const wrapped = splitLines(rawString(value)).map((line) => wrapText(line, options).join(rawString(joiner)));
  return sameKind(joiner, wrapped.join(rawString(joiner)));
}

function format(context: Context, value: unknown, args: unknown, kwargs: unknown): unknown {
  const positional = args as readonly unknown[];
  const named = kwargs as Kwargs;
  if (positional.length > 0 && named.size > 0)
    return raise("FilterArgumentError", "can't handle positional and keyword arguments at the same time");
  return percentFormat(
    softStr(value),
    named.size > 0 ? named : new PyTuple(positional),
    context.runtime.meter,
  );
}

function wordCount(value: unknown): number {
  return rawString(softStr(value)).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0;
}

export const textFilters: Readonly<Record<string, Filter>> = {
  capitalize: defineFilter("do_capitalize(s)", (context, value) => viaMethod(context, value, "capitalize")),
  center: defineFilter("do_center(value, width=)", (context, value, width) =>
    viaMethod(context, value, "center", [width ?? 80]),
  ),
  format: defineFilter("do_format(value, *args, **kwargs)", format),
  indent: defineFilter("do_indent(s, width=, first=, blank=)", indent),
  lower: defineFilter("do_lower(s)", (context, value) => viaMethod(context, value, "lower")),
  replace: defineFilter("do_replace(eval_ctx, s, old, new, count=)", replace),
  string: defineFilter("soft_str(s)", (_context, value) => softStr(value)),
  title: defineFilter("do_title(s)", (_context, value) => title(value)),
  trim: defineFilter("do_trim(value, chars=)", (context, value, chars) =>
    viaMethod(context, value, "strip", [chars ?? null]),
  ),
  truncate: defineFilter("do_truncate(env, s, length=, killwords=, end=, leeway=)", truncate),
  upper: defineFilter("do_upper(s)", (context, value) => viaMethod(context, value, "upper")),
  wordcount: defineFilter("do_wordcount(s)", (_context, value) => wordCount(value)),
  wordwrap: defineFilter(
    "do_wordwrap(environment, s, width=, break_long_words=, wrapstring=, break_on_hyphens=)",
    wordWrap,
  ),
};
