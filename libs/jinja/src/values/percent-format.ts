// `format % values`, as C's printf with Python's additions.
import { raise } from "../errors.ts";
import type { Meter } from "../limits.ts";
import { numberOf } from "./compare.ts";
import { dictGet } from "./dict.ts";
import { floatValue, isNegative } from "./floats.ts";
import { intToFloat, truncateFloat } from "./integers.ts";
import { escapeHtml } from "./markup.ts";
import { floatText, intDigits } from "./number-text.ts";
import { intText, repr, reprString, str } from "./repr.ts";
import { codePoints, stringLength } from "./strings.ts";
import {
  failUndefined,
  isFloat,
  isInt,
  isString,
  Markup,
  PyFloat,
  PyRange,
  PyTuple,
  PyUndefined,
  rawString,
  typeName,
} from "./types.ts";

interface Directive {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
  readonly index: number;
}

interface Arguments {
  next(): unknown;
  keyed(key: string): unknown;
  finish(): void;
}

const DIRECTIVE = /%(?:\(((?:[^()]|\([^()]*\))*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?(.)?/gsu;
const HAS_PRECISION = /^%(?:\((?:[^()]|\([^()]*\))*\))?[-+ #0]*(?:\*|\d+)?\./su;

export function percentFormat(format: string | Markup, values: unknown, meter: Meter): string | Markup {
  const text = rawString(format);
  const escape = format instanceof Markup;
  const supply = argumentsOf(values);
  let result = "";
  let from = 0;
  for (const match of text.matchAll(DIRECTIVE)) {
    result += text.slice(from, match.index);
    from = match.index + match[0].length;
    result += convert(match, supply, { escape, meter });
  }
  result += text.slice(from);
  supply.finish();
  return escape ? new Markup(result) : result;
}

function convert(
  match: RegExpExecArray,
  supply: Arguments,
  { escape, meter }: { escape: boolean; meter: Meter },
): string {
  const [whole, key, flags = "", width, precision, type] = match;
  if (key === undefined && whole.startsWith("%(")) return raise("ValueError", "incomplete format key");
  const keyed = key === undefined ? undefined : { value: supply.keyed(key) };
  const size = width === "*" ? starArgument(supply) : Number(width ?? 0);
  const places = !HAS_PRECISION.test(whole)
    ? undefined
    : precision === "*"
      ? Math.max(0, starArgument(supply))
      : Number(precision ?? 0);
  if (type === undefined) return raise("ValueError", "incomplete format");
  meter.repeat(Math.abs(size));
  if (whole === "%%") return "%";
  const directive: Directive = {
    flags: size < 0 ? `${flags}-` : flags,
    width: Math.abs(size),
    precision: places,
    type,
    index: match.index + whole.length - type.length,
  };
  const value = keyed ? keyed.value : supply.next();
  return formatOne(directive, value, escape, meter);
}

function starArgument(supply: Arguments): number {
  const value = supply.next();
  if (!isInt(value) && typeof value !== "boolean") return raise("TypeError", "* wants int");
  return Number(value);
}

function argumentsOf(values: unknown): Arguments {
  // Whatever has items counts as a mapping here, even if it has none by name.
  const mapping =
    values instanceof Map ||
    Array.isArray(values) ||
    values instanceof PyUndefined ||
    values instanceof PyRange
      ? values
      : undefined;
  const items = values instanceof PyTuple ? values.items : [values];
  let used = 0;
  return {
    next: () => {
      if (used >= items.length) return raise("TypeError", "not enough arguments for format string");
      return items[used++];
    },
    keyed: (key) => {
      used = items.length;
      if (!mapping) return raise("TypeError", "format requires a mapping");
      if (mapping instanceof PyUndefined)
        return mapping.mode === "chainable" ? mapping : failUndefined(mapping);
      if (!(mapping instanceof Map))
        return raise("TypeError", "list indices must be integers or slices, not str");
      return dictGet(mapping, key) ?? missingKey(mapping, key);
    },
    finish: () => {
      if (used < items.length && !mapping)
        raise("TypeError", "not all arguments converted during string formatting");
    },
  };
}

function missingKey(mapping: ReadonlyMap<unknown, unknown>, key: string): unknown {
  return mapping.has(key) ? null : raise("KeyError", reprString(key));
}

function formatOne(directive: Directive, value: unknown, escape: boolean, meter: Meter): string {
  const { type } = directive;
  const text = (shown: string): string => (escape ? escapeHtml(shown).value : shown);
  switch (type) {
    case "s":
      return padText(escape ? escapeHtml(value).value : str(value), directive);
    case "r":
      return padText(text(repr(value)), directive);
    case "a":
      return padText(text(asciiRepr(value)), directive);
    case "c":
      return padText(char(value), { ...directive, precision: undefined });
    case "d":
    case "i":
    case "u":
    case "o":
    case "x":
    case "X":
      return formatInt(directive, value);
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G":
      return formatFloat(directive, value, meter);
    default:
      return raise(
        "ValueError",
        `unsupported format character '${type}' (0x${(type.codePointAt(0) ?? 0).toString(16)}) at index ${directive.index}`,
      );
  }
}

export function asciiRepr(value: unknown): string {
  return repr(value).replaceAll(/[^\0-\x7f]/gu, (found) => {
    const code = found.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
    return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
  });
}

function char(value: unknown): string {
  if (isString(value) && stringLength(rawString(value)) === 1) return rawString(value);
  if (!isInt(value) && typeof value !== "boolean") return raise("TypeError", "%c requires int or char");
  const code = Number(value);
  if (code < 0 || code > 0x10ffff) return raise("OverflowError", "%c arg not in range(0x110000)");
  return String.fromCodePoint(code);
}

function formatInt(directive: Directive, value: unknown): string {
  const { type, flags, precision } = directive;
  const decimal = type === "d" || type === "i" || type === "u";
  if (value instanceof PyUndefined && decimal) return failUndefined(value);
  const number = numberOf(value);
  if (number === undefined || (!decimal && isFloat(value)))
    return raise(
      "TypeError",
      `%${type} format: ${decimal ? "a real number" : "an integer"} is required, not ${typeName(value)}`,
    );
  const int = isFloat(value) ? truncateFloat(floatValue(value)) : number;
  const base = decimal ? 10 : type === "o" ? 8 : 16;
  const digits = decimal ? intText(int).replace("-", "") : intDigits(int, base);
  const padded = digits.padStart(precision ?? 0, "0");
  const prefix = flags.includes("#") && !decimal ? `0${type}` : "";
  return signed(type === "X" ? padded.toUpperCase() : padded, { negative: int < 0, prefix }, directive);
}

function formatFloat(directive: Directive, value: unknown, meter: Meter): string {
  const { type, flags, precision } = directive;
  if (value instanceof PyUndefined) return failUndefined(value);
  const number = numberOf(value);
  if (number === undefined) return raise("TypeError", `must be real number, not ${typeName(value)}`);
  const float = value instanceof PyFloat ? value.value : intToFloat(number);
  const lower = type.toLowerCase() as "e" | "f" | "g";
  const text = floatText(
    float,
    { type: lower, precision: precision ?? 6, alternate: flags.includes("#") },
    meter,
  );
  return signed(
    type === lower ? text : text.toUpperCase(),
    { negative: isNegative(float), prefix: "" },
    directive,
  );
}

function signed(
  digits: string,
  { negative, prefix }: { negative: boolean; prefix: string },
  { flags, width }: Directive,
): string {
  const sign = negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const missing = Math.max(0, width - sign.length - prefix.length - digits.length);
  if (flags.includes("-")) return sign + prefix + digits + " ".repeat(missing);
  if (flags.includes("0")) return sign + prefix + "0".repeat(missing) + digits;
  return " ".repeat(missing) + sign + prefix + digits;
}

function padText(text: string, { flags, width, precision }: Directive): string {
  const shown = precision === undefined ? text : codePoints(text).slice(0, precision).join("");
  const fill = " ".repeat(Math.max(0, width - stringLength(shown)));
  return flags.includes("-") ? shown + fill : fill + shown;
}
