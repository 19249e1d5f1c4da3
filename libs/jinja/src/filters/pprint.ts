// Python's `pprint.pformat` at its width of 80 columns: sorted dicts, one item a line where a line is too short.
import { Raised } from "../errors.ts";
import { ordered } from "../values/compare.ts";
import { floatRepr } from "../values/floats.ts";
import { repr } from "../values/repr.ts";
import { splitLines, stringLength } from "../values/strings.ts";
import { PyFloat, PyTuple, typeName } from "../values/types.ts";

const WIDTH = 80;

export function prettyFormat(value: unknown): string {
  return pretty(value, 0, 0, []);
}

/** `indent` is the column the value starts in, `allowance` what must still fit behind it. */
function pretty(value: unknown, indent: number, allowance: number, open: readonly unknown[]): string {
  const flat = safeRepr(value, open);
  if (stringLength(flat) <= WIDTH - indent - allowance || open.includes(value)) return flat;
  const inside = [...open, value];
  if (value instanceof Map && value.size > 0) return prettyDict(value, indent, allowance, inside);
  if (Array.isArray(value)) return `[${prettyItems(value, indent + 1, allowance + 1, inside)}]`;
  if (value instanceof PyTuple && value.constructor === PyTuple) {
    const end = value.items.length === 1 ? ",)" : ")";
    return `(${prettyItems(value.items, indent + 1, allowance + end.length, inside)}${end}`;
  }
  return typeof value === "string" && value !== ""
    ? prettyString(value, indent, allowance, open.length === 0)
    : flat;
}

function prettyItems(
  items: readonly unknown[],
  indent: number,
  allowance: number,
  open: readonly unknown[],
): string {
  return items
    .map((item, index) => pretty(item, indent, index === items.length - 1 ? allowance : 1, open))
    .join(`,\n${" ".repeat(indent)}`);
}

function prettyDict(
  dict: ReadonlyMap<unknown, unknown>,
  indent: number,
  allowance: number,
  open: readonly unknown[],
): string {
  const pairs = sortedPairs(dict);
  const lines = pairs.map(([key, value], index) => {
    const label = `${safeRepr(key, open)}: `;
    const last = index === pairs.length - 1;
    return label + pretty(value, indent + 1 + stringLength(label), last ? allowance + 1 : 1, open);
  });
  return `{${lines.join(`,\n${" ".repeat(indent + 1)}`)}}`;
}

/** Long strings are cut behind their words, and put in parentheses where they stand alone. */
function prettyString(text: string, indentBefore: number, allowanceBefore: number, alone: boolean): string {
  const indent = alone ? indentBefore + 1 : indentBefore;
  const allowance = alone ? allowanceBefore + 1 : allowanceBefore;
  const lines = splitLines(text, true);
  const most = WIDTH - indent;
  const chunks: string[] = [];
  lines.forEach((line, lineIndex) => {
    const lastLine = lineIndex === lines.length - 1;
    const room = lastLine ? most - allowance : most;
    const whole = repr(line);
    if (stringLength(whole) <= room) {
      chunks.push(whole);
      return;
    }
    const parts = line.match(/\S*\s*/gu)?.filter(Boolean) ?? [];
    let current = "";
    parts.forEach((part, index) => {
      const limit = index === parts.length - 1 && lastLine ? most - allowance : most;
      if (stringLength(repr(current + part)) > limit) {
        if (current !== "") chunks.push(repr(current));
        current = part;
      } else current += part;
    });
    if (current !== "") chunks.push(repr(current));
  });
  if (chunks.length === 1) return chunks[0] ?? "";
  const joined = chunks.join(`\n${" ".repeat(indent)}`);
  return alone ? `(${joined})` : joined;
}

/** Sorted as pprint does it: values that have no order are ordered by the names of their types. */
function sortedPairs(dict: ReadonlyMap<unknown, unknown>): [unknown, unknown][] {
  return [...dict].sort(([a], [b]) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
}

function isBefore(a: unknown, b: unknown): boolean {
  try {
    return ordered(a, b, "<");
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    return typeName(a) < typeName(b);
  }
}

function safeRepr(value: unknown, open: readonly unknown[]): string {
  if (value instanceof PyFloat) return floatRepr(value.value);
  if (open.includes(value)) return `<Recursion on ${typeName(value)} with id=139637976727552>`;
  const inside = [...open, value];
  if (Array.isArray(value)) return `[${value.map((item) => safeRepr(item, inside)).join(", ")}]`;
  if (value instanceof PyTuple) {
    const items = value.items.map((item) => safeRepr(item, inside)).join(", ");
    return `(${items}${value.items.length === 1 ? "," : ""})`;
  }
  if (!(value instanceof Map)) return repr(value);
  return `{${sortedPairs(value)
    .map(([key, item]) => `${safeRepr(key, inside)}: ${safeRepr(item, inside)}`)
    .join(", ")}}`;
}
