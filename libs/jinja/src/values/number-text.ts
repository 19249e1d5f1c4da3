// The digits of numbers for `%` and `format`: everything but sign, width and alignment.
import { raise } from "../errors.ts";
import type { Meter } from "../limits.ts";
import { exponentText, fixedDigits, floatRepr, significantDigits } from "./floats.ts";

export interface FloatStyle {
  /** e, f, g, or r for the shortest text that reads back as the same float. */
  readonly type: "e" | "f" | "g" | "r";
  readonly precision: number;
  /** `#`: keep the point and trailing zeros. */
  readonly alternate?: boolean;
  /** Write 1.0 rather than 1 where no exponent is needed. */
  readonly withPoint?: boolean;
}

/** The text of |value|. */
export function floatText(value: number, style: FloatStyle, meter: Meter): string {
  const size = Math.abs(value);
  if (Number.isNaN(size)) return "nan";
  if (!Number.isFinite(size)) return "inf";
  meter.repeat(style.precision);
  if (style.precision > 2_147_483_646) raise("ValueError", "precision too big");
  switch (style.type) {
    case "f":
      return fixedDigits(size, style.precision) + (style.alternate && style.precision === 0 ? "." : "");
    case "e":
      return exponential(size, style.precision, style.alternate === true);
    case "g":
      return general(size, style);
    case "r":
      return style.withPoint ? floatRepr(size) : floatRepr(size).replace(/\.0$/, "");
  }
}

function exponential(size: number, precision: number, alternate: boolean): string {
  const { digits, exponent } =
    size === 0 ? { digits: "0".repeat(precision + 1), exponent: 0 } : significantDigits(size, precision + 1);
  const fraction = digits.slice(1);
  const point = fraction !== "" || alternate ? "." : "";
  return `${digits.charAt(0)}${point}${fraction}${exponentText(exponent)}`;
}

function general(size: number, { precision, alternate = false, withPoint = false }: FloatStyle): string {
  const count = Math.max(precision, 1);
  const { digits, exponent } =
    size === 0 ? { digits: "0".repeat(count), exponent: 0 } : significantDigits(size, count);
  const kept = alternate ? digits : digits.replace(/0+$/, "") || "0";
  if (exponent < -4 || exponent >= count - (withPoint ? 1 : 0)) {
    const fraction = kept.slice(1);
    return `${kept.charAt(0)}${fraction || alternate ? "." : ""}${fraction}${exponentText(exponent)}`;
  }
  const whole = exponent < 0 ? "0" : kept.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = exponent < 0 ? "0".repeat(-exponent - 1) + kept : kept.slice(exponent + 1);
  if (fraction === "" || (size === 0 && !alternate)) return whole + (alternate ? "." : withPoint ? ".0" : "");
  return `${whole}.${fraction}`;
}

export function intDigits(value: number | bigint, base: 2 | 8 | 10 | 16): string {
  const size = value < 0 ? -value : value;
  return size.toString(base);
}

/** Inserts separators from the right, and zeros on the left until `width` characters are reached. */
export function groupDigits(text: string, separator: string, size: number, width: number): string {
  const end = text.search(/[^0-9a-fA-F]/);
  const whole = end < 0 ? text : text.slice(0, end);
  const rest = end < 0 ? "" : text.slice(end);
  let grouped = "";
  let count = 0;
  let index = whole.length - 1;
  const room = width - rest.length;
  while (index >= 0 || grouped.length < room) {
    if (count > 0 && count % size === 0) grouped = separator + grouped;
    grouped = (index >= 0 ? whole.charAt(index) : "0") + grouped;
    index--;
    count++;
  }
  return grouped + rest;
}
