// JSON as Python reads it: ints of any size, floats told from ints, the order of keys kept.
import { raise } from "./errors.ts";
import { PyFloat, toFloat, toInt } from "./values/types.ts";

const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null|NaN|-?Infinity))/y;

/** Parses a JSON object into a `Map`, with a `Map` for every object inside. */
export function parseJsonContext(text: string): Map<string, unknown> {
  const value = new Reader(text).document();
  return value instanceof Map
    ? (value as Map<string, unknown>)
    : raise("ValueError", "the context is no JSON object");
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): unknown {
    const value = this.#value(this.#next());
    if (this.#text.slice(this.#at).trim() !== "") return this.#fail();
    return value;
  }

  #fail(): never {
    return raise("ValueError", `not valid JSON at character ${this.#at}`);
  }

  #next(): RegExpExecArray {
    TOKEN.lastIndex = this.#at;
    const match = TOKEN.exec(this.#text);
    if (!match) return this.#fail();
    this.#at = TOKEN.lastIndex;
    return match;
  }

  #value([, mark, string, number, word]: RegExpExecArray): unknown {
    if (string !== undefined) return JSON.parse(string) as string;
    if (number !== undefined) return jsonNumber(number);
    if (word !== undefined) return jsonWord(word);
    if (mark === "[") return this.#list();
    return mark === "{" ? this.#dict() : this.#fail();
  }

  #list(): unknown[] {
    const items: unknown[] = [];
    let token = this.#next();
    if (token[1] === "]") return items;
    for (;;) {
      items.push(this.#value(token));
      const [, mark] = this.#next();
      if (mark === "]") return items;
      if (mark !== ",") return this.#fail();
      token = this.#next();
    }
  }

  #dict(): Map<string, unknown> {
    const dict = new Map<string, unknown>();
    let token = this.#next();
    if (token[1] === "}") return dict;
    for (;;) {
      if (token[2] === undefined || this.#next()[1] !== ":") return this.#fail();
      dict.set(JSON.parse(token[2]) as string, this.#value(this.#next()));
      const [, mark] = this.#next();
      if (mark === "}") return dict;
      if (mark !== ",") return this.#fail();
      token = this.#next();
    }
  }
}

function jsonNumber(text: string): unknown {
  return /[.eE]/.test(text) ? toFloat(Number(text)) : toInt(BigInt(text));
}

function jsonWord(word: string): unknown {
  if (word === "null") return null;
  if (word === "true" || word === "false") return word === "true";
  return new PyFloat(Number(word));
}
