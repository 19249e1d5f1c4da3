import { raise } from "./errors.ts";
import { fillDict } from "./methods/collections.ts";
import type { Context } from "./runtime/context.ts";
import { boundMethod } from "./runtime/loop-context.ts";
import { Namespace } from "./runtime/namespace.ts";
import { Callable, PyFunction } from "./values/callable.ts";
import { truthy } from "./values/compare.ts";
import {
  isInt,
  type Kwargs,
  Markup,
  PyObject,
  PyRange,
  PyTuple,
  PyUndefined,
  typeName,
} from "./values/types.ts";
import { bind, signature } from "./values/signature.ts";

function rangeNumber(value: unknown): number {
  if (typeof value === "boolean") return Number(value);
  if (value instanceof PyUndefined)
    return raise("TypeError", "'Undefined' object cannot be interpreted as an integer");
  if (!isInt(value))
    return raise("TypeError", `'${typeName(value)}' object cannot be interpreted as an integer`);
  return Number(value);
}

function range(args: readonly unknown[], kwargs: Kwargs, context: Context): PyRange {
  if (kwargs.size > 0) return raise("TypeError", "range() takes no keyword arguments");
  if (args.length === 0) return raise("TypeError", "range expected at least 1 argument, got 0");
  if (args.length > 3) return raise("TypeError", `range expected at most 3 arguments, got ${args.length}`);
  const [first = 0, second, step = 1] = args.map(rangeNumber);
  if (step === 0) return raise("ValueError", "range() arg 3 must not be zero");
  const made = second === undefined ? new PyRange(0, first, 1) : new PyRange(first, second, step);
  const limit = context.runtime.meter.limits.rangeLength;
  if (made.length() > limit)
    return raise("LimitError", `a range of ${made.length()} items is longer than the limit of ${limit}`);
  return made;
}

function dict(args: readonly unknown[], kwargs: Kwargs): Map<unknown, unknown> {
  const made = new Map<unknown, unknown>();
  fillDict(made, args, kwargs, "dict");
  return made;
}

class Cycler extends PyObject {
  readonly typeName = "Cycler";
  readonly #items: readonly unknown[];
  #position = 0;

  constructor(items: readonly unknown[]) {
    super();
    if (items.length === 0) raise("RuntimeError", "at least one item has to be provided");
    this.#items = items;
  }

  override attribute(name: string): unknown {
    switch (name) {
      case "items":
        return new PyTuple(this.#items);
      case "pos":
        return this.#position;
      case "current":
        return this.#items[this.#position];
      case "next":
        return boundMethod("Cycler.next", (args) => (args.length > 0 ? tooMany("next", args) : this.#next()));
      case "reset":
        return boundMethod("Cycler.reset", (args) => {
          if (args.length > 0) return tooMany("reset", args);
          this.#position = 0;
          return null;
        });
      default:
        return undefined;
    }
  }

  #next(): unknown {
    const item = this.#items[this.#position];
    this.#position = (this.#position + 1) % this.#items.length;
    return item;
  }

  override truthy(): boolean {
    return true;
  }

  override repr(): string {
    return "<jinja2.utils.Cycler object at 0x7f0000000000>";
  }
}

function tooMany(name: string, args: readonly unknown[]): never {
  return raise("TypeError", `Cycler.${name}() takes 1 positional argument but ${args.length + 1} were given`);
}

class Joiner extends Callable {
  readonly typeName = "Joiner";
  readonly #separator: unknown;
  #used = false;

  constructor(separator: unknown) {
    super();
    this.#separator = separator;
  }

  call(args: readonly unknown[]): unknown {
    if (args.length > 0)
      return raise(
        "TypeError",
        `Joiner.__call__() takes 1 positional argument but ${args.length + 1} were given`,
      );
    if (this.#used) return this.#separator;
    this.#used = true;
    return "";
  }

  override attribute(name: string): unknown {
    return name === "sep" ? this.#separator : name === "used" ? this.#used : undefined;
  }

  override repr(): string {
    return "<jinja2.utils.Joiner object at 0x7f0000000000>";
  }
}

const WORDS =
  "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega".split(
    " ",
  );

/** Filler text: its shape is Jinja2's, its words are not, as they are random there. */
function filler(args: readonly unknown[], kwargs: Kwargs, context: Context): unknown {
  const [n = 5, html = true, min = 20, max = 100] = bind(
    signature("generate_lorem_ipsum(n=, html=, min=, max=)"),
    args,
    kwargs,
  );
  const low = rangeNumber(min);
  const high = rangeNumber(max);
  if (high <= low) return raise("ValueError", `empty range for randrange() (${low}, ${high}, ${high - low})`);
  const { meter } = context.runtime;
  const paragraphs: string[] = [];
  let written = 0;
  const count = rangeNumber(n);
  for (let made = 0; made < count; made++) {
    meter.tick();
    meter.repeat(written);
    const text = paragraph(low + Math.floor(Math.random() * (high - low)), (length) => {
      meter.tick();
      meter.repeat(written + length);
    });
    written += text.length;
    paragraphs.push(text);
  }
  return truthy(html)
    ? new Markup(paragraphs.map((text) => `<p>${text}</p>`).join("\n"))
    : paragraphs.join("\n\n");
}

/** Each word is told, with the length by then. */
function paragraph(words: number, onWord: (length: number) => void): string {
  let text = "";
  for (let made = 0; made < words; made++) {
    text += `${made === 0 ? "" : " "}${WORDS[Math.floor(Math.random() * WORDS.length)] ?? "alpha"}`;
    onWord(text.length);
  }
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const typed = (name: string): { repr: string; typeName: string } => ({
  repr: `<class '${name}'>`,
  typeName: "type",
});

export function builtinGlobals(): Map<string, unknown> {
  return new Map<string, unknown>([
    ["range", new PyFunction(range, typed("range"))],
    ["dict", new PyFunction(dict, typed("dict"))],
    ["lipsum", new PyFunction(filler, { repr: "<function generate_lorem_ipsum at 0x7f0000000000>" })],
    ["cycler", new PyFunction((args) => new Cycler(args), typed("jinja2.utils.Cycler"))],
    [
      "joiner",
      new PyFunction(
        (args, kwargs) => new Joiner(bind(signature("Joiner(sep=)"), args, kwargs)[0] ?? ", "),
        typed("jinja2.utils.Joiner"),
      ),
    ],
    [
      "namespace",
      new PyFunction((args, kwargs) => new Namespace(args, kwargs), typed("jinja2.utils.Namespace")),
    ],
  ]);
}
