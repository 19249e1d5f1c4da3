import { raise } from "../errors.ts";
import { methodTable, type MethodTable } from "../values/callable.ts";
import { numberOf } from "../values/compare.ts";
import { floatRepr, floatValue, shortestDigits } from "../values/floats.ts";
import { bitLength } from "../values/integers.ts";
import { type PyFloat, PyTuple, toInt } from "../values/types.ts";

function int(value: number | bigint | boolean): number | bigint {
  return numberOf(value) ?? 0;
}

export const intMethods: MethodTable = methodTable<number | bigint | boolean>("int", {
  as_integer_ratio: ["", (self) => new PyTuple([int(self), 1])],
  bit_count: [
    "",
    (self) => {
      const size = BigInt(int(self));
      return (size < 0n ? -size : size).toString(2).replaceAll("0", "").length;
    },
  ],
  bit_length: ["", (self) => bitLength(int(self))],
  conjugate: ["", (self) => int(self)],
});

export const floatMethods: MethodTable = methodTable<number | PyFloat>("float", {
  as_integer_ratio: ["", (self) => new PyTuple(ratio(floatValue(self)))],
  conjugate: ["", (self) => self],
  hex: ["", (self) => hex(floatValue(self))],
  is_integer: ["", (self) => Number.isInteger(floatValue(self))],
});

function ratio(value: number): [number | bigint, number | bigint] {
  if (Number.isNaN(value)) return raise("ValueError", "cannot convert NaN to integer ratio");
  if (!Number.isFinite(value)) return raise("OverflowError", "cannot convert Infinity to integer ratio");
  let top = value;
  let bottom = 1n;
  while (!Number.isInteger(top)) {
    top *= 2;
    bottom *= 2n;
  }
  return [toInt(BigInt(top)), toInt(bottom)];
}

function hex(value: number): string {
  if (!Number.isFinite(value)) return floatRepr(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (value === 0) return `${sign}0x0.0p+0`;
  let size = Math.abs(value);
  let exponent = 0;
  // Scaling by two is exact; the exponent of ten only bounds the loop.
  for (
    let guard = Math.abs(shortestDigits(value).exponent) * 4 + 8;
    size >= 2 && guard > 0;
    guard--, exponent++
  )
    size /= 2;
  for (; size < 1 && exponent > -1022; exponent--) size *= 2;
  const fraction = BigInt(Math.round((size - Math.trunc(size)) * 2 ** 52))
    .toString(16)
    .padStart(13, "0");
  return `${sign}0x${Math.trunc(size)}.${fraction}p${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
}
