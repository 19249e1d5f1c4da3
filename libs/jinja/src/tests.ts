import type { Context } from "./runtime/context.ts";
import { defineFilter, type Filter } from "./filters/filter.ts";
import { isLower, isUpper } from "./methods/str-case.ts";
import { binary } from "./values/arithmetic.ts";
import { Callable } from "./values/callable.ts";
import { equals, identical, ordered, type Order } from "./values/compare.ts";
import { hashKey } from "./values/dict.ts";
import { contains, findIterator, findLength } from "./values/iterate.ts";
import { hasHtml } from "./values/markup.ts";
import { str } from "./values/repr.ts";
import {
  isFloat,
  isInt,
  isString,
  PyRange,
  PyTuple,
  PyUndefined,
  failUndefined,
  rawString,
} from "./values/types.ts";

function remainderIs(context: Context, value: unknown, divisor: unknown, wanted: number): boolean {
  return equals(binary("%", value, divisor, context.runtime.meter), wanted);
}

function isRegistered(kind: "filter" | "test") {
  return (context: Context, name: unknown): boolean => {
    hashKey(name);
    return isString(name) && context.runtime.host[kind](rawString(name)) !== undefined;
  };
}

/** Has a length and items; a class of its own in Python has the one without the other. */
function isSequence(value: unknown): boolean {
  if (value instanceof PyUndefined) return value.mode !== "strict";
  if (value instanceof PyTuple || value instanceof Map || value instanceof PyRange) return true;
  return (isString(value) || Array.isArray(value)) && findLength(value) !== undefined;
}

function isIterable(value: unknown): boolean {
  if (value instanceof PyUndefined && value.mode === "strict") return failUndefined(value);
  return findIterator(value) !== undefined;
}

function order(name: string, how: Order): Filter {
  return defineFilter(`${name}(a, b)`, (_context, a, b) => ordered(a, b, how));
}

const equal = defineFilter("eq(a, b)", (_context, a, b) => equals(a, b));
const notEqual = defineFilter("ne(a, b)", (_context, a, b) => !equals(a, b));
const greater = order("gt", ">");
const less = order("lt", "<");
const greaterOrEqual = order("ge", ">=");
const lessOrEqual = order("le", "<=");

export const builtinTests: Readonly<Record<string, Filter>> = {
  "!=": notEqual,
  "<": less,
  "<=": lessOrEqual,
  "==": equal,
  ">": greater,
  ">=": greaterOrEqual,
  boolean: defineFilter("test_boolean(value)", (_context, value) => typeof value === "boolean"),
  // Undefined has a `__call__`, if only to say what is undefined.
  callable: defineFilter(
    "callable(obj)",
    (_context, value) => value instanceof Callable || value instanceof PyUndefined,
  ),
  defined: defineFilter("test_defined(value)", (_context, value) => !(value instanceof PyUndefined)),
  divisibleby: defineFilter("test_divisibleby(value, num)", (context, value, divisor) =>
    remainderIs(context, value, divisor, 0),
  ),
  eq: equal,
  equalto: equal,
  escaped: defineFilter("test_escaped(value)", (_context, value) => hasHtml(value)),
  even: defineFilter("test_even(value)", (context, value) => remainderIs(context, value, 2, 0)),
  false: defineFilter("test_false(value)", (_context, value) => value === false),
  filter: defineFilter("test_filter(env, value)", isRegistered("filter")),
  float: defineFilter("test_float(value)", (_context, value) => isFloat(value)),
  ge: greaterOrEqual,
  greaterthan: greater,
  gt: greater,
  in: defineFilter("test_in(value, seq)", (_context, value, container) => contains(container, value)),
  integer: defineFilter("test_integer(value)", (_context, value) => isInt(value)),
  iterable: defineFilter("test_iterable(value)", (_context, value) => isIterable(value)),
  le: lessOrEqual,
  lessthan: less,
  lower: defineFilter("test_lower(value)", (_context, value) => isLower(str(value))),
  lt: less,
  mapping: defineFilter("test_mapping(value)", (_context, value) => value instanceof Map),
  ne: notEqual,
  none: defineFilter("test_none(value)", (_context, value) => value === null),
  number: defineFilter(
    "test_number(value)",
    (_context, value) => isInt(value) || isFloat(value) || typeof value === "boolean",
  ),
  odd: defineFilter("test_odd(value)", (context, value) => remainderIs(context, value, 2, 1)),
  sameas: defineFilter("test_sameas(value, other)", (_context, value, other) => identical(value, other)),
  sequence: defineFilter("test_sequence(value)", (_context, value) => isSequence(value)),
  string: defineFilter("test_string(value)", (_context, value) => isString(value)),
  test: defineFilter("test_test(env, value)", isRegistered("test")),
  true: defineFilter("test_true(value)", (_context, value) => value === true),
  undefined: defineFilter("test_undefined(value)", (_context, value) => value instanceof PyUndefined),
  upper: defineFilter("test_upper(value)", (_context, value) => isUpper(str(value))),
};
