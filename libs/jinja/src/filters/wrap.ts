// Python's `textwrap.wrap` with tabs and whitespace left as they are.
import { raise } from "../errors.ts";
import { codePoints, stringLength } from "../values/strings.ts";

export interface WrapOptions {
  readonly width: number;
  readonly breakLongWords: boolean;
  readonly breakOnHyphens: boolean;
}

// The whitespace textwrap knows is ASCII only.
const WS = "\\t\\n\\x0b\\x0c\\r ";
const WORD = "[\\p{L}\\p{N}_!\"'&.,?]";
const LETTER = "[\\p{L}\\p{Nl}_]";
const NOT_SPACE = `[^${WS}]`;
const CHUNK = new RegExp(
  `([${WS}]+|(?<=${WORD})-{2,}(?=[\\p{L}\\p{N}_])|${NOT_SPACE}+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})|(?=[${WS}]|$)|(?<=${WORD})(?=-{2,}[\\p{L}\\p{N}_])))`,
  "u",
);
const SIMPLE_CHUNK = new RegExp(`([${WS}]+)`, "u");

export function wrapText(text: string, options: WrapOptions): string[] {
  const { width, breakLongWords } = options;
  if (width <= 0) return raise("ValueError", `invalid width ${width} (must be > 0)`);
  const chunks = text
    .split(options.breakOnHyphens ? CHUNK : SIMPLE_CHUNK)
    .filter(Boolean)
    .toReversed();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (isBlank(chunks.at(-1)) && lines.length > 0) chunks.pop();
    const line: string[] = [];
    let length = 0;
    for (
      let next = chunks.at(-1);
      next !== undefined && length + stringLength(next) <= width;
      next = chunks.at(-1)
    ) {
      length += stringLength(next);
      line.push(next);
      chunks.pop();
    }
    const next = chunks.at(-1);
    if (next !== undefined && stringLength(next) > width)
      takeLong(chunks, line, {
        room: width - length,
        width,
        breakLongWords,
        breakOnHyphens: options.breakOnHyphens,
      });
    if (isBlank(line.at(-1))) line.pop();
    if (line.length > 0) lines.push(line.join(""));
  }
  return lines;
}

function isBlank(chunk: string | undefined): boolean {
  return chunk !== undefined && chunk.trim() === "";
}

/** A chunk longer than a line: as much of it as fits, or all of it on a line of its own. */
function takeLong(chunks: string[], line: string[], options: WrapOptions & { readonly room: number }): void {
  const chunk = chunks.at(-1) ?? "";
  if (!options.breakLongWords) {
    if (line.length === 0) {
      line.push(chunk);
      chunks.pop();
    }
    return;
  }
  const points = codePoints(chunk);
  let end = options.width < 1 ? 1 : options.room;
  if (options.breakOnHyphens && points.length > end) {
    const hyphen = points.slice(0, end).lastIndexOf("-");
    if (hyphen > 0 && points.slice(0, hyphen).some((char) => char !== "-")) end = hyphen + 1;
  }
  line.push(points.slice(0, end).join(""));
  chunks[chunks.length - 1] = points.slice(end).join("");
  if (chunks.at(-1) === "") chunks.pop();
}
