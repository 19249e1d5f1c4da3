import { escapeHtml } from "../values/markup.ts";
import { codePoints, SPACE_CLASS } from "../values/strings.ts";

export interface UrlizeOptions {
  readonly limit: number | undefined;
  readonly rel: string | undefined;
  readonly target: string | undefined;
  readonly extraSchemes: readonly string[];
}

const W = "[\\p{L}\\p{N}_%-]";
const HTTP = new RegExp(
  `^(?:(?:https?://|www\\.)(?:(?:${W}+\\.)+)?(?:[a-z]{2,63}|xn--[\\p{L}\\p{N}_%]{2,59})` +
    `|(?:${W}{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)` +
    `|https?://(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[(?:[\\da-f]{0,4}:){2}(?:[\\da-f]{0,4}:?){1,6}\\]))` +
    `(?::\\d{1,5})?(?:[/?#][^${SPACE_CLASS}]*)?$`,
  "iu",
);
const EMAIL = new RegExp(`^[^${SPACE_CLASS}]+@[\\p{L}\\p{N}_][\\p{L}\\p{N}_.-]*\\.[\\p{L}\\p{N}_]+$`, "u");
const HEAD = /^(?:[(<]|&lt;)+/;
const TAIL = /(?:[)>.,\n]|&gt;)+$/;
const PAIRS = [
  ["(", ")"],
  ["<", ">"],
  ["&lt;", "&gt;"],
] as const;
/** Patterns with repetition inside repetition are not run on longer words. */
const LONGEST_WORD = 2000;

/** Makes links of the addresses in a text, with Jinja2's rules of what an address is. */
export function urlize(text: unknown, options: UrlizeOptions): string {
  const words = escapeHtml(text).value.split(new RegExp(`([${SPACE_CLASS}]+)`));
  return words.map((word) => linkWord(word, options)).join("");
}

function count(text: string, wanted: string): number {
  return text.split(wanted).length - 1;
}

function linkWord(word: string, options: UrlizeOptions): string {
  if (word.length > LONGEST_WORD) return word;
  const head = HEAD.exec(word)?.[0] ?? "";
  let middle = word.slice(head.length);
  let tail = "";
  if (/(?:[)>.,\n]|&gt;)$/.test(middle)) {
    const found = TAIL.exec(middle);
    if (found) {
      tail = found[0];
      middle = middle.slice(0, found.index);
    }
  }
  for (const [open, close] of PAIRS) {
    const opened = count(middle, open);
    if (opened <= count(middle, close)) continue;
    for (let left = Math.min(opened, count(tail, close)); left > 0; left--) {
      const end = tail.indexOf(close) + close.length;
      middle += tail.slice(0, end);
      tail = tail.slice(end);
    }
  }
  return head + link(middle, options) + tail;
}

function link(text: string, options: UrlizeOptions): string {
  const rel = options.rel === undefined ? "" : ` rel="${escapeHtml(options.rel).value}"`;
  const target = options.target === undefined ? "" : ` target="${escapeHtml(options.target).value}"`;
  if (HTTP.test(text)) {
    const href = /^https?:\/\//.test(text) ? text : `https://${text}`;
    return `<a href="${href}"${rel}${target}>${trim(text, options.limit)}</a>`;
  }
  if (text.startsWith("mailto:") && EMAIL.test(text.slice(7)))
    return `<a href="${text}">${text.slice(7)}</a>`;
  if (text.includes("@") && !text.startsWith("www.") && !text.includes(":") && EMAIL.test(text))
    return `<a href="mailto:${text}">${text}</a>`;
  let linked = text;
  for (const scheme of options.extraSchemes)
    if (linked !== scheme && linked.startsWith(scheme))
      linked = `<a href="${linked}"${rel}${target}>${linked}</a>`;
  return linked;
}

function trim(text: string, limit: number | undefined): string {
  if (limit === undefined) return text;
  const points = codePoints(text);
  return points.length > limit ? `${points.slice(0, limit).join("")}...` : text;
}
