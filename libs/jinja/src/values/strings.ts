// Python's strings are sequences of code points; JavaScript's of UTF-16 units. Almost every string holds no
// surrogate, so each operation first asks for that.
const SURROGATE = /[\uD800-\uDFFF]/;

/** Python's isspace set, which is not JavaScript's \s. */
export const SPACE_CLASS =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACE = new RegExp(`[${SPACE_CLASS}]`);
const LEADING_SPACE = new RegExp(`^[${SPACE_CLASS}]+`);
const ONLY_SPACE = new RegExp(`^[${SPACE_CLASS}]+$`);

export function hasSurrogates(text: string): boolean {
  return SURROGATE.test(text);
}

export function codePoints(text: string): string[] {
  return hasSurrogates(text) ? Array.from(text) : text.split("");
}

export function stringLength(text: string): number {
  if (!hasSurrogates(text)) return text.length;
  let length = 0;
  for (const _ of text) length++;
  return length;
}

export function charAt(text: string, index: number): string {
  return hasSurrogates(text) ? (Array.from(text)[index] ?? "") : text.charAt(index);
}

export function sliceString(text: string, start: number, end: number): string {
  return hasSurrogates(text) ? Array.from(text).slice(start, end).join("") : text.slice(start, end);
}

/** The position in code points of a position in UTF-16 units. */
export function codePointIndex(text: string, unitIndex: number): number {
  return hasSurrogates(text) ? stringLength(text.slice(0, unitIndex)) : unitIndex;
}

export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  if (!hasSurrogates(a) && !hasSurrogates(b)) return a < b ? -1 : 1;
  const left = Array.from(a);
  const right = Array.from(b);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

export function isAllSpace(text: string): boolean {
  return ONLY_SPACE.test(text);
}

export function stripStart(text: string, chars?: string): string {
  if (chars === undefined) return text.replace(LEADING_SPACE, "");
  const set = new Set(chars);
  const points = codePoints(text);
  let start = 0;
  while (start < points.length && set.has(points[start] ?? "")) start++;
  return points.slice(start).join("");
}

export function stripEnd(text: string, chars?: string): string {
  // A trailing-space pattern would be tried from every position; walking back is linear.
  if (chars === undefined) {
    let end = text.length;
    while (end > 0 && SPACE.test(text.charAt(end - 1))) end--;
    return text.slice(0, end);
  }
  const set = new Set(chars);
  const points = codePoints(text);
  let end = points.length;
  while (end > 0 && set.has(points[end - 1] ?? "")) end--;
  return points.slice(0, end).join("");
}

export function strip(text: string, chars?: string): string {
  return stripEnd(stripStart(text, chars), chars);
}

/** What ends a line for Python, apart from \r\n; three separators of ASCII's control characters are among it. */
const LINE_ENDS = "\\n\\r\\v\\f\x1c\x1d\x1e\\x85\\u2028\\u2029";
const LINE_BREAK = new RegExp(`\\r\\n|[${LINE_ENDS}]`, "g");

export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let from = 0;
  for (const match of text.matchAll(LINE_BREAK)) {
    const end = match.index + match[0].length;
    lines.push(text.slice(from, keepEnds ? end : match.index));
    from = end;
  }
  if (from < text.length) lines.push(text.slice(from));
  return lines;
}

/** The words of `split()` without a separator; with a limit, the rest keeps its trailing space. */
export function splitSpace(text: string, limit = -1): string[] {
  const words: string[] = [];
  const end = stripEnd(text).length;
  let at = 0;
  for (;;) {
    while (at < end && SPACE.test(text.charAt(at))) at++;
    if (at >= end) return words;
    if (limit >= 0 && words.length === limit) return [...words, text.slice(at)];
    let stop = at;
    while (stop < end && !SPACE.test(text.charAt(stop))) stop++;
    words.push(text.slice(at, stop));
    at = stop;
  }
}

/** Replaces at most `limit` matches (negative: all). */
export function replaceString(text: string, old: string, replacement: string, limit: number): string {
  if (limit < 0 && old !== "") return text.split(old).join(replacement);
  if (limit === 0) return text;
  if (old === "") {
    const points = codePoints(text);
    let result = "";
    let done = 0;
    for (const point of points) {
      if (limit < 0 || done < limit) {
        result += replacement;
        done++;
      }
      result += point;
    }
    return limit < 0 || done < limit ? result + replacement : result;
  }
  const parts = text.split(old);
  if (parts.length - 1 <= limit) return parts.join(replacement);
  return parts.slice(0, limit + 1).join(replacement) + old + parts.slice(limit + 1).join(old);
}
