import { raise } from "../errors.ts";
import type { Context } from "../runtime/context.ts";
import { binary } from "../values/arithmetic.ts";
import { numberOf, truthy } from "../values/compare.ts";
import { floatValue, scaledRound } from "../values/floats.ts";
import { intToFloat, truncateFloat } from "../values/integers.ts";
import { floatText } from "../values/number-text.ts";
import { reprString } from "../values/repr.ts";
import { strip } from "../values/strings.ts";
import {
  failUndefined,
  isFloat,
  isString,
  PyFloat,
  PyUndefined,
  rawString,
  toFloat,
  toInt,
  typeName,
} from "../values/types.ts";
import { integer } from "./arguments.ts";
import { defineFilter, type Filter } from "./filter.ts";

const FLOAT = /^[+-]?(?:(?:\d+(?:_\d+)*)(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const SPECIAL = /^[+-]?(?:inf|infinity|nan)$/i;

/** Python reads the decimal digits of every script; they come in runs from 0 to 9. */
function asciiDigits(text: string): string {
  return text.replaceAll(/(?![0-9])\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let before = 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before++;
    return String(before % 10);
  });
}

/** Python's `float(text)`; `undefined` where it raises ValueError. */
function parseFloatText(text: string): number | undefined {
  const bare = asciiDigits(strip(text));
  if (FLOAT.test(bare)) return Number(bare.replaceAll("_", ""));
  if (!SPECIAL.test(bare)) return undefined;
  if (/nan/i.test(bare)) return Number.NaN;
  return bare.startsWith("-") ? -Infinity : Infinity;
}

/** Python's `float(value)`; `undefined` for TypeError and ValueError. */
function toFloatValue(value: unknown): number | undefined {
  if (value instanceof PyUndefined) return failUndefined(value);
  if (isString(value)) return parseFloatText(rawString(value));
  if (isFloat(value)) return floatValue(value);
  const number = numberOf(value);
  return number === undefined ? undefined : intToFloat(number);
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
const PREFIXES: ReadonlyMap<string, number> = new Map([
  ["0b", 2],
  ["0o", 8],
  ["0x", 16],
]);

/** In time that grows with the length; what Python would need longer for, it refuses, too (`sys.set_int_max_str_digits`). */
function parseDigits(text: string, radix: number): bigint | undefined {
  const digits = Array.from(text, (char) => DIGITS.indexOf(char));
  if (digits.some((digit) => digit < 0 || digit >= radix)) return undefined;
  const bits = Math.log2(radix);
  if (Number.isInteger(bits))
    return BigInt(`0b${digits.map((digit) => digit.toString(2).padStart(bits, "0")).join("")}`);
  if (text.length > 4300) return undefined;
  if (radix === 10) return BigInt(text);
  return digits.reduce((value, digit) => value * BigInt(radix) + BigInt(digit), 0n);
}

/** Python's `int(text, base)`; `undefined` where it raises ValueError. */
function parseInt(text: string, base: number): number | bigint | undefined {
  if (base !== 0 && (base < 2 || base > 36)) return undefined;
  const [, sign, body = ""] = /^([+-]?)(.*)$/s.exec(asciiDigits(strip(text)).toLowerCase()) ?? [];
  const prefixBase = PREFIXES.get(body.slice(0, 2));
  const prefixed = prefixBase !== undefined && (base === 0 || base === prefixBase);
  const radix = base === 0 ? (prefixBase ?? 10) : base;
  const digits = prefixed ? body.slice(2).replace(/^_/, "") : body;
  if (!/^[0-9a-z]+(?:_[0-9a-z]+)*$/.test(digits)) return undefined;
  if (base === 0 && !prefixed && /^0+[1-9_]*[1-9]/.test(digits)) return undefined;
  const value = parseDigits(digits.replaceAll("_", ""), radix);
  if (value === undefined) return undefined;
  return toInt(sign === "-" ? -value : value);
}

function int(_context: Context, value: unknown, fallback: unknown, base: unknown): unknown {
  const otherwise = fallback === undefined ? 0 : fallback;
  if (value instanceof PyUndefined) return failUndefined(value);
  if (isString(value)) {
    const text = rawString(value);
    const parsed =
      base === undefined || isIntegral(base)
        ? parseInt(text, base === undefined ? 10 : Number(numberOf(base)))
        : undefined;
    if (parsed !== undefined) return parsed;
    const float = parseFloatText(text);
    // "inf" overflows, which is no ValueError; "nan" is one.
    if (float === undefined || Number.isNaN(float)) return otherwise;
    return truncateFloat(float);
  }
  const number = numberOf(value);
  if (number === undefined) return otherwise;
  if (!isFloat(value)) return number;
  return Number.isNaN(Number(number)) ? otherwise : truncateFloat(floatValue(value));
}

function isIntegral(value: unknown): boolean {
  return !isFloat(value) && numberOf(value) !== undefined;
}

function float(_context: Context, value: unknown, fallback: unknown): unknown {
  const number = toFloatValue(value);
  if (number !== undefined) return toFloat(number);
  return fallback === undefined ? new PyFloat(0) : fallback;
}

/** Python's `round(x, digits)`: half to even on the exact value. */
function roundFloat(value: number, digits: number): number | PyFloat {
  if (!Number.isFinite(value) || value === 0 || digits > 323) return toFloat(value);
  if (digits < -308) return toFloat(value < 0 ? -0 : 0);
  const scaled = scaledRound(value, digits);
  const size = Number(digits >= 0 ? `${scaled}e-${digits}` : `${scaled}e${-digits}`);
  return toFloat(value < 0 ? -size : size);
}

function roundInt(value: number | bigint, digits: number): number | bigint {
  if (digits >= 0) return value;
  if (digits < -10_000) return 0;
  const unit = 10n ** BigInt(-digits);
  const size = BigInt(value) < 0n ? -BigInt(value) : BigInt(value);
  const rest = size % unit;
  const half = rest * 2n;
  const up = half > unit || (half === unit && (size / unit) % 2n === 1n);
  const rounded = size - rest + (up ? unit : 0n);
  return toInt(BigInt(value) < 0n ? -rounded : rounded);
}

function round(context: Context, value: unknown, precision: unknown, method: unknown): unknown {
  const how = method === undefined ? "common" : method;
  if (how !== "common" && how !== "ceil" && how !== "floor")
    return raise("FilterArgumentError", "method must be common, ceil or floor");
  const places = precision === undefined ? 0 : precision;
  if (how === "common") return commonRound(value, places);
  const { meter } = context.runtime;
  const factor = binary("**", 10, places, meter);
  const scaled = binary("*", value, factor, meter);
  const number = numberOf(scaled);
  if (number === undefined) return raise("TypeError", `must be real number, not ${typeName(scaled)}`);
  const whole = isFloat(scaled) ? truncateFloat(Math[how](floatValue(scaled))) : number;
  return binary("/", whole, factor, meter);
}

function commonRound(value: unknown, places: unknown): unknown {
  if (value instanceof PyUndefined)
    return raise("TypeError", "type Undefined doesn't define __round__ method");
  const number = numberOf(value);
  if (number === undefined)
    return raise("TypeError", `type ${typeName(value)} doesn't define __round__ method`);
  if (places === null) return isFloat(value) ? roundToInt(floatValue(value)) : number;
  const digits = integer(places);
  return isFloat(value) ? roundFloat(floatValue(value), digits) : roundInt(number, digits);
}

function roundToInt(value: number): number | bigint {
  if (!Number.isFinite(value)) return truncateFloat(value);
  const size = toInt(scaledRound(value, 0));
  return value < 0 ? (typeof size === "bigint" ? -size : 0 - size) : size;
}

const UNITS = ["k", "M", "G", "T", "P", "E", "Z", "Y"];

function fileSize(context: Context, value: unknown, binaryUnits: unknown): string {
  const bytes = toFloatValue(value);
  if (bytes === undefined)
    return isString(value)
      ? raise("ValueError", `could not convert string to float: ${reprString(rawString(value))}`)
      : raise("TypeError", `float() argument must be a string or a real number, not '${typeName(value)}'`);
  const isBinary = truthy(binaryUnits ?? false);
  const base = isBinary ? 1024 : 1000;
  if (bytes === 1) return "1 Byte";
  if (bytes < base) return `${truncateFloat(bytes)} Bytes`;
  let index = 0;
  while (index < UNITS.length - 1 && !(bytes < base ** (index + 2))) index++;
  const unit = UNITS[index] ?? "";
  const name = isBinary ? `${unit.toUpperCase()}iB` : `${unit}B`;
  const shown = (base * bytes) / base ** (index + 2);
  const sign = shown < 0 ? "-" : "";
  return `${sign}${floatText(shown, { type: "f", precision: 1 }, context.runtime.meter)} ${name}`;
}

function absolute(value: unknown): unknown {
  if (isFloat(value)) return toFloat(Math.abs(floatValue(value)));
  const number = numberOf(value);
  if (number === undefined) return raise("TypeError", `bad operand type for abs(): '${typeName(value)}'`);
  return number < 0 ? (typeof number === "bigint" ? toInt(-number) : -number) : number;
}

export const numberFilters: Readonly<Record<string, Filter>> = {
  abs: defineFilter("abs(x)", (_context, value) => absolute(value)),
  filesizeformat: defineFilter("do_filesizeformat(value, binary=)", fileSize),
  float: defineFilter("do_float(value, default=)", float),
  int: defineFilter("do_int(value, default=, base=)", int),
  round: defineFilter("do_round(value, precision=, method=)", round),
};
