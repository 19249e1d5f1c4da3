// Python's ways of writing a float. JavaScript's shortest digits are the same digits; where they are placed differs.
import type { PyFloat } from "./types.ts";

export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const { negative, digits, exponent } = shortestDigits(value);
  const sign = negative ? "-" : "";
  if (exponent < -4 || exponent >= 16) return sign + scientific(digits, exponent);
  return sign + positional(digits, exponent);
}

interface Decimal {
  readonly negative: boolean;
  /** Significant digits, first one not zero. */
  readonly digits: string;
  /** Power of ten of the first digit. */
  readonly exponent: number;
}

export function shortestDigits(value: number): Decimal {
  const [mantissa = "", power = "0"] = Math.abs(value).toExponential().split("e");
  return {
    negative: value < 0 || Object.is(value, -0),
    digits: mantissa.replace(".", ""),
    exponent: Number(power),
  };
}

function scientific(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return `${digits.charAt(0)}${fraction}${exponentText(exponent)}`;
}

export function exponentText(exponent: number): string {
  return `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function positional(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/** The exact value of a finite double as numerator / 2^shift. */
function exactBinary(value: number): { numerator: bigint; shift: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const power = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  const numerator = power === 0 ? fraction : fraction | 0x10000000000000n;
  return { numerator, shift: 1075 - Math.max(power, 1) };
}

/** |value| * 10^scale, rounded half to even on the exact binary value. */
export function scaledRound(value: number, scale: number): bigint {
  const { numerator, shift } = exactBinary(value);
  let top = scale > 0 ? numerator * 10n ** BigInt(scale) : numerator;
  let bottom = scale < 0 ? 10n ** BigInt(-scale) : 1n;
  if (shift > 0) bottom <<= BigInt(shift);
  else top <<= BigInt(-shift);
  const quotient = top / bottom;
  const twice = (top % bottom) * 2n;
  return twice > bottom || (twice === bottom && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}

/** `'%.{places}f'` of a finite number, without a sign. */
export function fixedDigits(value: number, places: number): string {
  const digits = scaledRound(value, places)
    .toString()
    .padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** `count` significant digits of a finite number that is not zero. */
export function significantDigits(value: number, count: number): Decimal {
  const { negative, exponent } = shortestDigits(value);
  let digits = scaledRound(value, count - 1 - exponent).toString();
  // Rounding up may have made one digit more.
  const carried = digits.length > count;
  if (carried) digits = digits.slice(0, count);
  return { negative, digits, exponent: carried ? exponent + 1 : exponent };
}

export function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

export function floatValue(value: number | PyFloat): number {
  return typeof value === "number" ? value : value.value;
}
