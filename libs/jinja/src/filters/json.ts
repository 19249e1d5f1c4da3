// `tojson`: Python's json.dumps with sorted keys, ASCII only, and what is special in HTML escaped.
import { raise } from "../errors.ts";
import type { Context } from "../runtime/context.ts";
import { numberOf, sortBy } from "../values/compare.ts";
import { floatRepr, floatValue } from "../values/floats.ts";
import { intText } from "../values/repr.ts";
import {
  failUndefined,
  PyUndefined,
  isFloat,
  isInt,
  isString,
  Markup,
  PyTuple,
  rawString,
  typeName,
} from "../values/types.ts";
import { integer } from "./arguments.ts";

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
};

function jsonString(text: string): string {
  const escaped = text.replaceAll(
    /["\\]|[^ -~]/g,
    (unit) => SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? floatRepr(value) : value < 0 ? "-Infinity" : "Infinity";
}

interface Style {
  /** `undefined` writes everything on one line. */
  readonly indent: string | undefined;
}

function jsonKey(key: unknown): string {
  if (isString(key)) return rawString(key);
  if (key === null) return "null";
  if (typeof key === "boolean") return String(key);
  if (isFloat(key)) return jsonFloat(floatValue(key));
  if (isInt(key)) return intText(key);
  return raise("TypeError", `keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function jsonText(value: unknown, style: Style, depth: number, open: readonly unknown[]): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (isString(value)) return jsonString(rawString(value));
  if (isFloat(value)) return jsonFloat(floatValue(value));
  if (isInt(value)) return intText(value);
  if (open.includes(value)) return raise("ValueError", "Circular reference detected");
  const inside = [...open, value];
  if (Array.isArray(value) || value instanceof PyTuple) {
    const items = Array.isArray(value) ? (value as readonly unknown[]) : value.items;
    return wrap(
      "[]",
      items.map((item) => jsonText(item, style, depth + 1, inside)),
      style,
      depth,
    );
  }
  if (value instanceof Map) {
    const pairs = sortBy([...value], ([key]) => key, false);
    const written = pairs.map(
      ([key, item]) => `${jsonString(jsonKey(key))}: ${jsonText(item, style, depth + 1, inside)}`,
    );
    return wrap("{}", written, style, depth);
  }
  return raise("TypeError", `Object of type ${typeName(value)} is not JSON serializable`);
}

function wrap(brackets: string, items: readonly string[], { indent }: Style, depth: number): string {
  const [open, close] = brackets;
  if (items.length === 0) return brackets;
  if (indent === undefined) return `${open}${items.join(", ")}${close}`;
  const inner = `\n${indent.repeat(depth + 1)}`;
  return `${open}${inner}${items.join(`,${inner}`)}\n${indent.repeat(depth)}${close}`;
}

export function toJson(context: Context, value: unknown, indent: unknown): Markup {
  const style: Style = {
    indent:
      indent === undefined || indent === null
        ? undefined
        : isString(indent)
          ? rawString(indent)
          : " ".repeat(indentWidth(context, indent)),
  };
  const text = jsonText(value, style, 0, []);
  return new Markup(
    text
      .replaceAll("<", "\\u003c")
      .replaceAll(">", "\\u003e")
      .replaceAll("&", "\\u0026")
      .replaceAll("'", "\\u0027"),
  );
}

function indentWidth(context: Context, indent: unknown): number {
  if (indent instanceof PyUndefined) return failUndefined(indent);
  if (numberOf(indent) === undefined || isFloat(indent))
    return raise("TypeError", `can't multiply sequence by non-int of type '${typeName(indent)}'`);
  const width = integer(indent);
  context.runtime.meter.repeat(width);
  return Math.max(0, width);
}
