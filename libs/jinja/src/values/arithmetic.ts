import { raise } from "../errors.ts";
import type { Meter } from "../limits.ts";
import { numberOf } from "./compare.ts";
import { percentFormat } from "./percent-format.ts";
import * as ints from "./integers.ts";
import { escapeHtml } from "./markup.ts";
import {
  failUndefined,
  isFloat,
  isString,
  Markup,
  PyFloat,
  PyTuple,
  PyUndefined,
  toFloat,
  toInt,
  typeName,
} from "./types.ts";

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**";

export function binary(operator: BinaryOperator, a: unknown, b: unknown, meter: Meter): unknown {
  const sequence = onSequences(operator, a, b, meter);
  if (sequence !== undefined) return sequence;
  const left = numberOf(a);
  const right = numberOf(b);
  if (left !== undefined && right !== undefined) {
    if (isFloat(a) || isFloat(b)) return toFloat(onFloats(operator, floatOf(a, left), floatOf(b, right)));
    return onInts(operator, left, right, meter);
  }
  if (a instanceof PyUndefined) return failUndefined(a);
  if (b instanceof PyUndefined) return failUndefined(b);
  return refuse(operator, a, b);
}

export function add(a: unknown, b: unknown, meter: Meter): unknown {
  if (typeof a === "string" && typeof b === "string") {
    meter.repeat(a.length + b.length);
    return a + b;
  }
  if (typeof a === "number" && typeof b === "number" && Number.isInteger(a) && Number.isInteger(b))
    return ints.addInts(a, b);
  return binary("+", a, b, meter);
}

function floatOf(value: unknown, number: number | bigint): number {
  return value instanceof PyFloat ? value.value : ints.intToFloat(number);
}

function onInts(operator: BinaryOperator, a: ints.Int, b: ints.Int, meter: Meter): unknown {
  switch (operator) {
    case "+":
      return ints.addInts(a, b);
    case "-":
      return ints.subtractInts(a, b);
    case "*":
      return ints.multiplyInts(a, b, meter);
    case "/":
      if (b === 0) return raise("ZeroDivisionError", "division by zero");
      return toFloat(ints.divideInts(a, b));
    case "//":
      if (b === 0) return raise("ZeroDivisionError", "integer division or modulo by zero");
      return ints.floorDivideInts(a, b);
    case "%":
      if (b === 0) return raise("ZeroDivisionError", "integer modulo by zero");
      return ints.moduloInts(a, b);
    case "**":
      if (b < 0) return toFloat(onFloats("**", ints.intToFloat(a), ints.intToFloat(b)));
      return ints.powerInts(a, b, meter);
  }
}

function onFloats(operator: BinaryOperator, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      if (b === 0) return raise("ZeroDivisionError", "float division by zero");
      return a / b;
    case "//":
      if (b === 0) return raise("ZeroDivisionError", "float floor division by zero");
      return floorDivideFloats(a, b);
    case "%":
      if (b === 0) return raise("ZeroDivisionError", "float modulo");
      return moduloFloats(a, b);
    case "**":
      return powerFloats(a, b);
  }
}

function moduloFloats(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

function floorDivideFloats(a: number, b: number): number {
  let rest = a % b;
  let quotient = (a - rest) / b;
  if (rest !== 0 && rest < 0 !== b < 0) {
    rest += b;
    quotient -= 1;
  }
  if (quotient === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function powerFloats(a: number, b: number): number {
  if (a === 0 && b < 0) return raise("ZeroDivisionError", "0.0 cannot be raised to a negative power");
  // JavaScript answers NaN where C's pow and Python answer 1.
  if (a === 1 || b === 0) return 1;
  if (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) return 1;
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b))
    return raise(
      "TypeError",
      "a negative number to a fractional power is complex, and templates have no complex numbers",
    );
  const power = a ** b;
  if (!Number.isFinite(power) && Number.isFinite(a) && Number.isFinite(b))
    return raise("OverflowError", "(34, 'Numerical result out of range')");
  return power;
}

function onSequences(operator: BinaryOperator, a: unknown, b: unknown, meter: Meter): unknown {
  if (operator === "%" && isString(a)) return percentFormat(a, b, meter);
  if (operator === "+") return concatenate(a, b, meter);
  if (operator === "*") return repeat(a, b, meter) ?? repeat(b, a, meter);
  return undefined;
}

function concatenate(a: unknown, b: unknown, meter: Meter): unknown {
  if (isString(a) && isString(b)) {
    if (typeof a === "string" && typeof b === "string") return a + b;
    return new Markup(escapeHtml(a).value + escapeHtml(b).value);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    meter.repeat(a.length + b.length);
    return [...a, ...b];
  }
  return a instanceof PyTuple && b instanceof PyTuple ? new PyTuple([...a.items, ...b.items]) : undefined;
}

const MAX_INDEX = 2n ** 63n - 1n;

function repeat(sequence: unknown, times: unknown, meter: Meter): unknown {
  const items = Array.isArray(sequence) ? sequence : sequence instanceof PyTuple ? sequence.items : undefined;
  if (!items && !isString(sequence)) return undefined;
  if (times instanceof PyUndefined) return failUndefined(times);
  const count = typeof times === "boolean" ? Number(times) : times;
  if (typeof count !== "bigint" && !(typeof count === "number" && Number.isInteger(count)))
    return raise("TypeError", `can't multiply sequence by non-int of type '${typeName(times)}'`);
  if (count > MAX_INDEX || count < -MAX_INDEX)
    return raise("OverflowError", "cannot fit 'int' into an index-sized integer");
  const length = items ? items.length : String(sequence instanceof Markup ? sequence.value : sequence).length;
  const copies = count > 0 && length > 0 ? Number(count) : 0;
  meter.repeat(copies * length);
  if (typeof sequence === "string") return sequence.repeat(copies);
  if (sequence instanceof Markup) return new Markup(sequence.value.repeat(copies));
  const repeated = Array.from({ length: copies }, () => items ?? []).flat(1);
  return sequence instanceof PyTuple ? new PyTuple(repeated) : repeated;
}

function refuse(operator: BinaryOperator, a: unknown, b: unknown): never {
  if (operator === "+" && (isString(a) || Array.isArray(a) || a instanceof PyTuple)) {
    const name = a instanceof Markup ? "Markup" : typeName(a);
    if (!(a instanceof Markup))
      raise("TypeError", `can only concatenate ${name} (not "${typeName(b)}") to ${name}`);
  }
  const shown = operator === "**" ? "** or pow()" : operator;
  return raise(
    "TypeError",
    `unsupported operand type(s) for ${shown}: '${typeName(a)}' and '${typeName(b)}'`,
  );
}

export function negate(value: unknown): unknown {
  if (value instanceof PyUndefined) return failUndefined(value);
  if (isFloat(value)) return toFloat(-(value instanceof PyFloat ? value.value : value));
  const number = numberOf(value);
  if (number === undefined) return raise("TypeError", `bad operand type for unary -: '${typeName(value)}'`);
  return typeof number === "bigint" ? toInt(-number) : 0 - number;
}

export function positive(value: unknown): unknown {
  if (value instanceof PyUndefined) return failUndefined(value);
  const number = numberOf(value);
  if (number === undefined) return raise("TypeError", `bad operand type for unary +: '${typeName(value)}'`);
  return typeof value === "boolean" ? number : value;
}
