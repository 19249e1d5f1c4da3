import { raise } from "../errors.ts";
import { floatRepr } from "./floats.ts";
import { failUndefined, Markup, PyFloat, PyObject, PyTuple, PyUndefined, typeName } from "./types.ts";

/** Python refuses to write longer ints in decimal. */
const MAX_DIGITS = 4300;

export function intText(value: number | bigint): string {
  const text =
    typeof value === "number" && Number.isSafeInteger(value) ? String(value) : String(BigInt(value));
  if (text.length > MAX_DIGITS && text.replace("-", "").length > MAX_DIGITS)
    return raise(
      "ValueError",
      "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit",
    );
  return text;
}

/** Python's `str(value)`. */
export function str(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return Number.isSafeInteger(value) ? String(value) : numberText(value);
    case "boolean":
      return value ? "True" : "False";
    case "bigint":
      return intText(value);
    case "object":
    case "function":
    case "symbol":
    case "undefined":
  }
  if (value === null) return "None";
  if (value instanceof Markup) return value.value;
  if (value instanceof PyUndefined) return undefinedText(value);
  if (value instanceof PyObject) return value.text();
  return reprIn(value, []);
}

function numberText(value: number): string {
  return Number.isInteger(value) ? intText(value) : floatRepr(value);
}

/** Python's `repr(value)`. */
export function repr(value: unknown): string {
  return reprIn(value, []);
}

function reprIn(value: unknown, open: readonly unknown[]): string {
  if (typeof value === "string") return reprString(value);
  if (value instanceof PyFloat) return floatRepr(value.value);
  if (value instanceof PyUndefined) return "Undefined";
  if (value instanceof Markup) return `Markup(${reprString(value.value)})`;
  if (value instanceof PyObject) return value.repr();
  if (Array.isArray(value)) return open.includes(value) ? "[...]" : `[${reprItems(value, open)}]`;
  if (value instanceof PyTuple)
    return `(${reprItems(value.items, open, value)}${value.items.length === 1 ? "," : ""})`;
  if (value instanceof Map) return reprDict(value, open);
  if (typeof value === "object" && value !== null) return `<${typeName(value)} object>`;
  return str(value);
}

function reprItems(items: readonly unknown[], open: readonly unknown[], holder: unknown = items): string {
  const inside = [...open, holder];
  return items.map((item) => reprIn(item, inside)).join(", ");
}

function reprDict(dict: ReadonlyMap<unknown, unknown>, open: readonly unknown[]): string {
  if (open.includes(dict)) return "{...}";
  const inside = [...open, dict];
  const items: string[] = [];
  for (const [key, value] of dict) items.push(`${reprIn(key, inside)}: ${reprIn(value, inside)}`);
  return `{${items.join(", ")}}`;
}

// Categories Other and Separator are not printable in Python, except the space.
const UNPRINTABLE = /[\\\p{C}\p{Z}]/u;
const PLAIN = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/;

export function reprString(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let body = "";
  for (const char of text) body += char === quote ? `\\${char}` : escapeChar(char);
  return quote + body + quote;
}

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

function escapeChar(char: string): string {
  if (char === " " || !UNPRINTABLE.test(char)) return char;
  const named = Object.hasOwn(NAMED, char) ? NAMED[char] : undefined;
  if (named !== undefined) return named;
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

function undefinedText(value: PyUndefined): string {
  if (value.mode === "strict") return failUndefined(value);
  value.options.onText?.(value);
  return "";
}
