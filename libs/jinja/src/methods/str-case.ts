import { isAllSpace } from "../values/strings.ts";

const CASED = /[\p{Lowercase}\p{Uppercase}\p{Lt}]/u;
const LOWER = /\p{Lowercase}/u;
const UPPER = /[\p{Uppercase}\p{Lt}]/u;

export function capitalize(text: string): string {
  const [first = ""] = text;
  return titleChar(first) + lower(text.slice(first.length), text, first.length);
}

/** A final sigma depends on what stands before, so a tail is lowered with its head. */
function lower(tail: string, whole: string, headLength: number): string {
  const lowered = whole.toLowerCase();
  const head = whole.slice(0, headLength).toLowerCase();
  return lowered.startsWith(head) ? lowered.slice(head.length) : tail.toLowerCase();
}

/** Letters whose title case is neither their upper nor their lower case. */
const DIGRAPHS: ReadonlyMap<string, string> = new Map(
  ["ǅǄǆ", "ǈǇǉ", "ǋǊǌ", "ǲǱǳ", "ᾼᾳ", "ῌῃ", "ῼῳ"].flatMap((group) =>
    Array.from(group, (char): [string, string] => [char, group.charAt(0)]),
  ),
);

function titleChar(char: string): string {
  const digraph = DIGRAPHS.get(char);
  if (digraph !== undefined) return digraph;
  // Georgian has upper case only for whole words in capitals.
  if (/[\u10d0-\u10ff]/.test(char)) return char;
  const code = char.charCodeAt(0);
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCharCode(code | 8);
  const upper = char.toUpperCase();
  // ß becomes Ss, ﬁ becomes Fi: only the first letter of what an uppercase mapping gives stays upper.
  const [first = "", ...rest] = upper;
  return first + rest.join("").toLowerCase();
}

export function title(text: string): string {
  let result = "";
  let inWord = false;
  for (const char of text) {
    result += inWord ? char.toLowerCase() : titleChar(char);
    inWord = CASED.test(char);
  }
  return result;
}

export function swapCase(text: string): string {
  let result = "";
  for (const char of text)
    result += UPPER.test(char) ? char.toLowerCase() : LOWER.test(char) ? char.toUpperCase() : char;
  return result;
}

export function casefold(text: string): string {
  return text.toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ").normalize("NFC");
}

export function isLower(text: string): boolean {
  return LOWER.test(text) && !UPPER.test(text);
}

export function isUpper(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);
}

function isTitle(text: string): boolean {
  let inWord = false;
  let any = false;
  for (const char of text) {
    if (UPPER.test(char)) {
      if (inWord) return false;
      any = inWord = true;
    } else if (LOWER.test(char)) {
      if (!inWord) return false;
      any = true;
    } else inWord = false;
  }
  return any;
}

const ALPHA = /^\p{L}+$/u;
const DECIMAL = /^\p{Nd}+$/u;
// Digits that are not decimals: superscripts, subscripts, circled digits.
const DIGIT =
  /^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490]+$/u;
const CJK_NUMERALS =
  "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u767e\u5343\u4e07\u5104\u5146";
const NUMERIC = new RegExp(`^[\\p{N}${CJK_NUMERALS}]+$`, "u");
const ALNUM = /^[\p{L}\p{N}]+$/u;

export const predicates: Readonly<Record<string, (text: string) => boolean>> = {
  isalnum: (text) => ALNUM.test(text),
  isalpha: (text) => ALPHA.test(text),
  isascii: (text) => /^[\0-\x7f]*$/.test(text),
  isdecimal: (text) => DECIMAL.test(text),
  isdigit: (text) => DIGIT.test(text),
  isidentifier: (text) => /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(text),
  islower: isLower,
  isnumeric: (text) => NUMERIC.test(text),
  isprintable: (text) => !/[\p{C}\p{Z}]/u.test(text.replaceAll(" ", "")),
  isspace: isAllSpace,
  istitle: isTitle,
  isupper: isUpper,
};
