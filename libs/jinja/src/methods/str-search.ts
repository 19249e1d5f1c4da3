import { raise } from "../errors.ts";
import {
  codePointIndex,
  hasSurrogates,
  sliceString,
  splitSpace,
  stringLength,
  stripEnd,
} from "../values/strings.ts";
import { isString, PyTuple, rawString, typeName } from "../values/types.ts";
import { optionalIndex, textArgument } from "./arguments.ts";

interface Window {
  readonly text: string;
  /** Code points before the window. */
  readonly offset: number;
  /** Whether the bounds describe any window at all (an empty one counts). */
  readonly valid: boolean;
}

function windowOf(text: string, start: unknown, end: unknown): Window {
  if (start === undefined && end === undefined) return { text, offset: 0, valid: true };
  const length = stringLength(text);
  const from = bound(optionalIndex(start, 0), length);
  const to = Math.min(bound(optionalIndex(end, length), length), length);
  if (from > length || from > to) return { text: "", offset: from, valid: false };
  return { text: sliceString(text, from, to), offset: from, valid: true };
}

function bound(index: number, length: number): number {
  return index < 0 ? Math.max(0, index + length) : index;
}

export function find(text: string, args: readonly unknown[], last: boolean): number {
  const window = windowOf(text, args[1], args[2]);
  if (!window.valid) return -1;
  const wanted = textArgument(args[0], last ? "rfind" : "find");
  const unit = last ? window.text.lastIndexOf(wanted) : window.text.indexOf(wanted);
  return unit < 0 ? -1 : window.offset + codePointIndex(window.text, unit);
}

export function index(text: string, args: readonly unknown[], last: boolean): number {
  const found = find(text, args, last);
  return found < 0 ? raise("ValueError", "substring not found") : found;
}

export function count(text: string, args: readonly unknown[]): number {
  const window = windowOf(text, args[1], args[2]);
  const wanted = textArgument(args[0], "count");
  if (!window.valid) return 0;
  return wanted === "" ? stringLength(window.text) + 1 : window.text.split(wanted).length - 1;
}

/** `startswith` and `endswith`, which take one text or a tuple of them. */
export function hasEdge(text: string, args: readonly unknown[], edge: "startswith" | "endswith"): boolean {
  const window = windowOf(text, args[1], args[2]);
  const [wanted] = args;
  const choices = wanted instanceof PyTuple ? wanted.items : [wanted];
  return choices.some((choice) => {
    if (!isString(choice))
      return raise("TypeError", `${edge} first arg must be str or a tuple of str, not ${typeName(choice)}`);
    if (!window.valid) return false;
    return edge === "startswith"
      ? window.text.startsWith(rawString(choice))
      : window.text.endsWith(rawString(choice));
  });
}

export function split(text: string, separator: string, limit: number): string[] {
  if (separator === "") return raise("ValueError", "empty separator");
  const parts = text.split(separator);
  if (limit < 0 || parts.length - 1 <= limit) return parts;
  return [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

export function splitFromEnd(text: string, separator: string, limit: number): string[] {
  if (separator === "") return raise("ValueError", "empty separator");
  if (limit < 0) return text.split(separator);
  const parts: string[] = [];
  let rest = text;
  while (parts.length < limit) {
    const at = rest.lastIndexOf(separator);
    if (at < 0) break;
    parts.unshift(rest.slice(at + separator.length));
    rest = rest.slice(0, at);
  }
  return [rest, ...parts];
}

/** `rsplit` without a separator; with a limit, the rest keeps its leading space. */
export function splitSpaceFromEnd(text: string, limit: number): string[] {
  const words = splitSpace(text);
  if (limit < 0 || words.length <= limit) return words;
  const tail = words.slice(words.length - limit);
  let rest = stripEnd(text);
  for (const word of tail.toReversed()) rest = stripEnd(rest.slice(0, -word.length));
  return [rest, ...tail];
}

export function partition(text: string, separator: string, last: boolean): [string, string, string] {
  if (separator === "") return raise("ValueError", "empty separator");
  const at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
  if (at < 0) return last ? ["", "", text] : [text, "", ""];
  return [text.slice(0, at), separator, text.slice(at + separator.length)];
}

export function reverseString(text: string): string {
  return (hasSurrogates(text) ? Array.from(text) : text.split("")).toReversed().join("");
}
