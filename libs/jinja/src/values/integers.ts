// Ints of any size. Numbers stay numbers while JavaScript is exact about them.
import { raise } from "../errors.ts";
import type { Meter } from "../limits.ts";
import { toInt } from "./types.ts";

export type Int = number | bigint;

export function addInts(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return toInt(BigInt(a) + BigInt(b));
}

export function subtractInts(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return toInt(BigInt(a) - BigInt(b));
}

export function multiplyInts(a: Int, b: Int, meter: Meter): Int {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    // Adding 0 turns -0, which is no int, into 0.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  meter.bits(bitLength(a) + bitLength(b));
  return toInt(BigInt(a) * BigInt(b));
}

export function floorDivideInts(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number" && Number.isSafeInteger(a) && Number.isSafeInteger(b)) {
    const remainder = a % b;
    return (a - remainder) / b - (remainder !== 0 && remainder < 0 !== b < 0 ? 1 : 0) + 0;
  }
  const [left, right] = [BigInt(a), BigInt(b)];
  const rest = left % right;
  return toInt(left / right - (rest !== 0n && rest < 0n !== right < 0n ? 1n : 0n));
}

export function moduloInts(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") {
    const remainder = a % b;
    return (remainder !== 0 && remainder < 0 !== b < 0 ? remainder + b : remainder) + 0;
  }
  const right = BigInt(b);
  const rest = BigInt(a) % right;
  return toInt(rest !== 0n && rest < 0n !== right < 0n ? rest + right : rest);
}

export function powerInts(base: Int, exponent: Int, meter: Meter): Int {
  if (base === 0 || base === 1) return exponent === 0 ? 1 : base;
  if (base === -1) return moduloInts(exponent, 2) === 0 ? 1 : -1;
  meter.bits(bitLength(base) * Number(exponent));
  const direct = typeof base === "number" ? base ** Number(exponent) : Infinity;
  return Number.isSafeInteger(direct) ? direct : toInt(BigInt(base) ** BigInt(exponent));
}

export function bitLength(value: Int): number {
  if (typeof value === "number" && Number.isSafeInteger(value))
    return value === 0
      ? 0
      : Math.abs(value) < 2 ** 31
        ? 32 - Math.clz32(Math.abs(value))
        : BigInt(Math.abs(value)).toString(2).length;
  const hex = (BigInt(value) < 0n ? -BigInt(value) : BigInt(value)).toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex.charAt(0), 16)));
}

/** `a / b` rounded once, also where a or b are too big for a double. */
export function divideInts(a: Int, b: Int): number {
  if (typeof a === "number" && typeof b === "number" && Number.isSafeInteger(a) && Number.isSafeInteger(b))
    return a / b;
  const negative = a < 0 !== b < 0;
  const top = BigInt(a) < 0n ? -BigInt(a) : BigInt(a);
  const bottom = BigInt(b) < 0n ? -BigInt(b) : BigInt(b);
  const shift = 66 - (bitLength(top) - bitLength(bottom));
  const scaled = shift >= 0 ? top << BigInt(shift) : top;
  const divisor = shift >= 0 ? bottom : bottom << BigInt(-shift);
  // The lowest bit stands for all that was cut off, so that Number() rounds as if it saw it.
  const quotient = (scaled / divisor) | (scaled % divisor === 0n ? 0n : 1n);
  const result = Number(quotient) * 2 ** -shift;
  if (!Number.isFinite(result))
    return raise("OverflowError", "integer division result too large for a float");
  return negative ? -result : result;
}

export function intToFloat(value: Int): number {
  const float = Number(value);
  if (!Number.isFinite(float)) return raise("OverflowError", "int too large to convert to float");
  return float;
}

/** The int below (or at) a float, as `int(x)` cuts it off. */
export function truncateFloat(value: number): Int {
  if (Number.isNaN(value)) return raise("ValueError", "cannot convert float NaN to integer");
  if (!Number.isFinite(value)) return raise("OverflowError", "cannot convert float infinity to integer");
  const whole = Math.trunc(value);
  return Number.isSafeInteger(whole) ? whole + 0 : toInt(BigInt(whole));
}
