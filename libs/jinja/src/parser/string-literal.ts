// Python's escapes in string literals, as its unicode-escape codec reads them.

const SIMPLE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "\\": "\\",
    "'": "'",
    '"': '"',
    a: "\x07",
    b: "\b",
    f: "\f",
    n: "\n",
    r: "\r",
    t: "\t",
    v: "\v",
    "\n": "",
  }),
);
const HEX_LENGTH: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

/** The value of a literal's inside; `fail` receives Python's message. */
export function unescapeLiteral(inside: string, fail: (message: string) => never): string {
  if (!inside.includes("\\")) return inside;
  // The codec sees ASCII only: a backslash before é is a backslash before "\xe9", which makes it literal text.
  const text = inside.replaceAll(/\\([^\0-\x7f])/gu, (_, char: string) => `\\\\${asciiEscape(char)}`);
  let result = "";
  let at = 0;
  while (at < text.length) {
    const slash = text.indexOf("\\", at);
    if (slash < 0) return result + text.slice(at);
    result += text.slice(at, slash);
    const kind = text.charAt(slash + 1);
    const simple = SIMPLE.get(kind);
    const hexLength = HEX_LENGTH.get(kind);
    at = slash + 2;
    if (simple !== undefined) result += simple;
    else if (hexLength !== undefined) {
      const digits = text.slice(at, at + hexLength);
      if (digits.length < hexLength || !/^[0-9a-fA-F]+$/.test(digits))
        return fail(`truncated \\${kind}${"X".repeat(hexLength)} escape`);
      const code = Number.parseInt(digits, 16);
      if (code > 0x10ffff) return fail("illegal Unicode character");
      result += String.fromCodePoint(code);
      at += hexLength;
    } else if (/[0-7]/.test(kind)) {
      const digits = /^[0-7]{1,3}/.exec(text.slice(slash + 1))?.[0] ?? kind;
      result += String.fromCharCode(Number.parseInt(digits, 8));
      at = slash + 1 + digits.length;
    } else if (kind === "N") {
      const named = /^\{[^}]+\}/.test(text.slice(at));
      return fail(named ? "unknown Unicode character name" : "malformed \\N character escape");
    } else result += `\\${kind}`;
  }
  return result;
}

function asciiEscape(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`.slice(1);
  return (code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`).slice(1);
}
