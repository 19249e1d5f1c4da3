// The rules of .dockerignore as the Docker client applies them; the engine itself never reads the file.
import { posix } from "node:path";
import { PaiError } from "@pai/core";

export interface IgnorePattern {
  readonly text: string;
  /** `!pattern`: takes back what an earlier pattern left out. */
  readonly exception: boolean;
  readonly matches: (path: string) => boolean;
}

/** `file` is for messages. */
export function parseDockerignore(content: string, file: string): IgnorePattern[] {
  return content
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .flatMap((line, index) => {
      if (line.startsWith("#") || line.trim() === "") return [];
      const trimmed = line.trim();
      const exception = trimmed.startsWith("!");
      const rest = exception ? trimmed.slice(1).trim() : trimmed;
      const location = { file, line: index + 1 };
      if (rest === "") throw new PaiError("CONFIG_INVALID", 'a lone "!" leaves nothing out', { location });
      const text = normalize(rest);
      try {
        return [{ text, exception, matches: compile(text) }];
      } catch (cause) {
        throw new PaiError("CONFIG_INVALID", `"${rest}" is not a pattern`, { cause, location });
      }
    });
}

/**
 * Whether a path is left out, and which patterns matched it or a parent of it; the latter are handed on to
 * its children (undefined at the top).
 */
export function judge(
  patterns: readonly IgnorePattern[],
  path: string,
  parent: readonly boolean[] | undefined,
): { readonly ignored: boolean; readonly hits: readonly boolean[] } {
  let ignored = false;
  const hits = patterns.map((pattern, index) => {
    const hit = parent?.[index] || (pattern.exception === ignored && pattern.matches(path));
    if (hit) ignored = !pattern.exception;
    return hit;
  });
  return { ignored, hits };
}

/** An ignored folder is entered only when an exception names something in it literally. */
export function mustEnter(patterns: readonly IgnorePattern[], folder: string): boolean {
  return patterns.some((pattern) => pattern.exception && `${pattern.text}/`.startsWith(`${folder}/`));
}

function normalize(pattern: string): string {
  const text = posix.normalize(pattern).replace(/(?<=.)\/$/, "");
  return text.length > 1 && text.startsWith("/") ? text.slice(1) : text;
}

const literal = (character: string): string =>
  /[\^$\\.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;

/** Go's filepath.Match with `**`, as the Docker client has it. */
function compile(text: string): (path: string) => boolean {
  if (/^\*\*[^*?[\]\\]*$/.test(text)) {
    const tail = text.slice(2);
    return (path) => path.endsWith(tail) || (tail[0] === "/" && path === tail.slice(1));
  }
  let source = "";
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === "*" && text[i + 1] === "*") {
      i += text[i + 2] === "/" ? 2 : 1;
      source += i + 1 >= text.length ? ".*" : "(.*/)?";
    } else if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "\\") source += i + 1 < text.length ? literal(text.charAt(++i)) : "\\\\";
    else source += "[]^".includes(character) ? character : literal(character);
  }
  const regexp = new RegExp(`^${source}$`, "su");
  return (path) => regexp.test(path);
}
