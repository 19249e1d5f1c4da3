// Texts measured in columns of a terminal: some characters take two, some none.
import { stripVTControlCharacters } from "node:util";
import stringWidth from "fast-string-width";

const segmenter = new Intl.Segmenter();

/** Colours, cursor movements and other control characters of a foreign line would tear the picture. */
export function printable(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\t", "    ")).replaceAll(/\p{Cc}/gu, "");
}

export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}

export function cutEnd(text: string, width: number): string {
  return stringWidth(text) <= width ? text : `${head(text, width - 1)}…`;
}

/** Both ends of a name tell more than its middle. */
export function cutMiddle(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const right = Math.floor((width - 1) / 2);
  const reversed = graphemes(text).toReversed().join("");
  const tail = graphemes(head(reversed, right)).toReversed().join("");
  return `${head(text, width - 1 - right)}…${tail}`;
}

/** Lines of at most `width` columns, broken between words where they allow it. */
export function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last === "" || stringWidth(last) + 1 + stringWidth(word) <= width)
      lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
    else lines.push(word);
    while (stringWidth(lines.at(-1) ?? "") > width) {
      const long = lines.pop() ?? "";
      const first = head(long, width);
      lines.push(first, long.slice(first.length));
    }
  }
  return lines;
}

function head(text: string, width: number): string {
  let taken = "";
  let used = 0;
  for (const grapheme of graphemes(text)) {
    used += stringWidth(grapheme);
    if (used > width && taken !== "") break;
    taken += grapheme;
  }
  return taken;
}

function graphemes(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}
