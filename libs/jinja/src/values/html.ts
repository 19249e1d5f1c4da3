import { splitSpace } from "./strings.ts";

/** The named entities a text is likely to hold; HTML has two thousand more. */
const NAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: "\u00a0",
    copy: "©",
    reg: "®",
    trade: "™",
    hellip: "…",
    mdash: "—",
    ndash: "–",
    lsquo: "‘",
    rsquo: "’",
    ldquo: "“",
    rdquo: "”",
    laquo: "«",
    raquo: "»",
    times: "×",
    middot: "·",
    bull: "•",
    euro: "€",
    pound: "£",
    yen: "¥",
    cent: "¢",
    sect: "§",
    deg: "°",
    plusmn: "±",
    para: "¶",
    larr: "←",
    uarr: "↑",
    rarr: "→",
    darr: "↓",
    harr: "↔",
    auml: "ä",
    ouml: "ö",
    uuml: "ü",
    Auml: "Ä",
    Ouml: "Ö",
    Uuml: "Ü",
    szlig: "ß",
    eacute: "é",
    egrave: "è",
    agrave: "à",
    ccedil: "ç",
    ntilde: "ñ",
    frac12: "½",
    infin: "∞",
  }),
);

export function unescapeHtml(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7});?|#[xX]([0-9a-fA-F]{1,6});?|(\w{2,31});)/g,
    (whole, decimal, hex, name) => {
      if (typeof name === "string") return NAMED.get(name) ?? whole;
      const code = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16);
      return code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)
        ? "\ufffd"
        : String.fromCodePoint(code);
    },
  );
}

/** MarkupSafe's `striptags`: without comments and tags, whitespace collapsed, entities resolved. */
export function stripTags(text: string): string {
  const bare = removeBetween(removeBetween(text, "<!--", "-->"), "<", ">");
  return unescapeHtml(splitSpace(bare).join(" "));
}

/** Removes every `open ... close`; linear, where a lazy pattern would be quadratic. */
function removeBetween(text: string, open: string, close: string): string {
  let result = "";
  let at = 0;
  for (;;) {
    const start = text.indexOf(open, at);
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length);
    if (end < 0) return result + text.slice(at);
    result += text.slice(at, start);
    at = end + close.length;
  }
}
