import { raise } from "../errors.ts";
import type { Context } from "../runtime/context.ts";
import { type Method, type MethodBody, methodTable, type MethodTable } from "../values/callable.ts";
import { dictGet } from "../values/dict.ts";
import { stripTags, unescapeHtml } from "../values/html.ts";
import { iterate } from "../values/iterate.ts";
import { escapeHtml, hasHtml } from "../values/markup.ts";
import { formatMethod } from "../values/str-format.ts";
import * as strings from "../values/strings.ts";
import { isInt, isString, type Kwargs, Markup, PyTuple, rawString, typeName } from "../values/types.ts";
import { indexArgument, optionalIndex, textArgument } from "./arguments.ts";
import * as cases from "./str-case.ts";
import * as search from "./str-search.ts";

type Body = MethodBody<string>;

function padded(
  text: string,
  args: readonly unknown[],
  context: Context,
  side: "left" | "right" | "both",
): string {
  const width = indexArgument(args[0]);
  context.runtime.meter.repeat(width);
  const fill = args[1] === undefined ? " " : textArgument(args[1], "center");
  if (strings.stringLength(fill) !== 1)
    return raise("TypeError", "The fill character must be exactly one character long");
  const missing = Math.max(0, width - strings.stringLength(text));
  // CPython puts the odd character left only when the width is odd.
  const left =
    side === "both" ? Math.floor(missing / 2) + (missing & width & 1) : side === "left" ? missing : 0;
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

function stripArgument(args: readonly unknown[], method: string): string | undefined {
  const [chars] = args;
  if (chars === undefined || chars === null) return undefined;
  if (isString(chars)) return rawString(chars);
  return raise("TypeError", `${method} arg must be None or str`);
}

function expandTabs(text: string, size: number): string {
  let column = 0;
  let result = "";
  for (const char of text) {
    if (char === "\t") {
      const gap = size > 0 ? size - (column % size) : 0;
      result += " ".repeat(gap);
      column += gap;
    } else {
      result += char;
      column = char === "\n" || char === "\r" ? 0 : column + 1;
    }
  }
  return result;
}

function joinStrings(separator: string, items: unknown, escape: boolean): string {
  const parts: string[] = [];
  for (const item of iterate(items)) {
    if (!escape && !isString(item))
      return raise(
        "TypeError",
        `sequence item ${parts.length}: expected str instance, ${typeName(item)} found`,
      );
    parts.push(escape ? escapeHtml(item).value : rawString(item as string | Markup));
  }
  return parts.join(separator);
}

function zfill(text: string, args: readonly unknown[], context: Context): string {
  const width = indexArgument(args[0]);
  context.runtime.meter.repeat(width);
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(Math.max(0, width - strings.stringLength(text))) + text.slice(sign.length);
}

function translate(text: string, table: unknown): string {
  let result = "";
  for (const char of text) {
    const mapped = table instanceof Map ? dictGet(table, char.codePointAt(0)) : undefined;
    if (mapped === undefined) result += char;
    else if (isInt(mapped)) result += String.fromCodePoint(Number(mapped));
    else if (mapped !== null) result += textArgument(mapped, "translate");
  }
  return result;
}

function makeTable(args: readonly unknown[]): unknown {
  const [from, to, remove] = args;
  if (to === undefined) {
    if (!(from instanceof Map))
      return raise("TypeError", "if you give only one argument to maketrans it must be a dict");
    return new Map(
      [...from].map(([key, value]) => [isString(key) ? rawString(key).codePointAt(0) : key, value]),
    );
  }
  const left = strings.codePoints(textArgument(from, "maketrans"));
  const right = strings.codePoints(textArgument(to, "maketrans"));
  if (left.length !== right.length)
    return raise("ValueError", "the first two maketrans arguments must have equal length");
  const table = new Map<unknown, unknown>(
    left.map((char, index) => [char.codePointAt(0), right[index]?.codePointAt(0)]),
  );
  if (remove !== undefined)
    for (const char of textArgument(remove, "maketrans")) table.set(char.codePointAt(0), null);
  return table;
}

/** `undefined` stands for "any whitespace". */
function separator(value: unknown, method: string): string | undefined {
  return value === undefined || value === null ? undefined : textArgument(value, method);
}

const bodies: Readonly<Record<string, readonly [string, Body]>> = {
  capitalize: ["", cases.capitalize],
  casefold: ["", cases.casefold],
  center: ["width fillchar?", (self, args, context) => padded(self, args, context, "both")],
  count: ["sub start? end?", search.count],
  endswith: ["suffix start? end?", (self, args) => search.hasEdge(self, args, "endswith")],
  expandtabs: [
    "=tabsize?",
    (self, args, context) => {
      const size = optionalIndex(args[0], 8);
      context.runtime.meter.repeat(size * self.length);
      return expandTabs(self, size);
    },
  ],
  find: ["sub start? end?", (self, args) => search.find(self, args, false)],
  index: ["sub start? end?", (self, args) => search.index(self, args, false)],
  join: ["iterable", (self, [items]) => joinStrings(self, items, false)],
  ljust: ["width fillchar?", (self, args, context) => padded(self, args, context, "right")],
  lower: ["", (self) => self.toLowerCase()],
  lstrip: ["chars?", (self, args) => strings.stripStart(self, stripArgument(args, "lstrip"))],
  maketrans: ["x y? z?", (_self, args) => makeTable(args)],
  partition: [
    "sep",
    (self, [sep]) => new PyTuple(search.partition(self, textArgument(sep, "partition"), false)),
  ],
  removeprefix: [
    "prefix",
    (self, [prefix]) => {
      const text = textArgument(prefix, "removeprefix");
      return self.startsWith(text) ? self.slice(text.length) : self;
    },
  ],
  removesuffix: [
    "suffix",
    (self, [suffix]) => {
      const text = textArgument(suffix, "removesuffix");
      return text !== "" && self.endsWith(text) ? self.slice(0, -text.length) : self;
    },
  ],
  replace: [
    "old new count?",
    (self, [old, replacement, limit]) =>
      strings.replaceString(
        self,
        textArgument(old, "replace"),
        textArgument(replacement, "replace"),
        limit === undefined ? -1 : indexArgument(limit),
      ),
  ],
  rfind: ["sub start? end?", (self, args) => search.find(self, args, true)],
  rindex: ["sub start? end?", (self, args) => search.index(self, args, true)],
  rjust: ["width fillchar?", (self, args, context) => padded(self, args, context, "left")],
  rpartition: [
    "sep",
    (self, [sep]) => new PyTuple(search.partition(self, textArgument(sep, "rpartition"), true)),
  ],
  rsplit: [
    "=sep? maxsplit?",
    (self, args) => {
      const sep = separator(args[0], "rsplit");
      const limit = args[1] === undefined ? -1 : indexArgument(args[1]);
      if (sep !== undefined) return search.splitFromEnd(self, sep, limit);
      return search.splitSpaceFromEnd(self, limit);
    },
  ],
  rstrip: ["chars?", (self, args) => strings.stripEnd(self, stripArgument(args, "rstrip"))],
  split: [
    "=sep? maxsplit?",
    (self, args) => {
      const sep = separator(args[0], "split");
      const limit = args[1] === undefined ? -1 : indexArgument(args[1]);
      return sep === undefined ? strings.splitSpace(self, limit) : search.split(self, sep, limit);
    },
  ],
  splitlines: [
    "=keepends?",
    (self, [keepEnds]) => strings.splitLines(self, keepEnds === true || (isInt(keepEnds) && keepEnds !== 0)),
  ],
  startswith: ["prefix start? end?", (self, args) => search.hasEdge(self, args, "startswith")],
  strip: ["chars?", (self, args) => strings.strip(self, stripArgument(args, "strip"))],
  swapcase: ["", cases.swapCase],
  title: ["", cases.title],
  translate: ["table", (self, [table]) => translate(self, table)],
  upper: ["", (self) => self.toUpperCase()],
  zfill: ["width", zfill],
};

function formatters(): Method[] {
  const format: Method = {
    name: "format",
    call: (self, args, kwargs, context) =>
      formatMethod(self as string | Markup, { positional: args, named: kwargs, runtime: context.runtime }),
  };
  const formatMap: Method = {
    name: "format_map",
    call: (self, args, _kwargs, context) => {
      const [mapping] = args;
      if (args.length !== 1)
        return raise("TypeError", `str.format_map() takes exactly one argument (${args.length} given)`);
      const named: Kwargs = mapping instanceof Map ? (mapping as Map<string, unknown>) : new Map();
      return formatMethod(self as string | Markup, { positional: [], named, runtime: context.runtime });
    },
  };
  return [format, formatMap];
}

const predicateBodies = Object.fromEntries(
  Object.entries(cases.predicates).map(([name, test]): [string, readonly [string, Body]] => [
    name,
    ["", (self) => test(self)],
  ]),
);

export const strMethods: MethodTable = new Map([
  ...methodTable<string>("str", { ...bodies, ...predicateBodies }),
  ...formatters().map((method): [string, Method] => [method.name, method]),
]);

/** Methods that Markup overrides: texts among the arguments are escaped, and the result is safe again. */
const SAFE_RESULT = new Set(
  "capitalize title lower upper replace ljust rjust lstrip rstrip center strip translate expandtabs swapcase zfill partition rpartition split rsplit splitlines".split(
    " ",
  ),
);
const ESCAPED_ARGUMENTS = new Set(
  "capitalize title lower upper replace ljust rjust lstrip rstrip center strip translate expandtabs swapcase zfill partition rpartition".split(
    " ",
  ),
);

function safe(result: unknown): unknown {
  if (typeof result === "string") return new Markup(result);
  if (Array.isArray(result)) return result.map(safe);
  return result instanceof PyTuple ? new PyTuple(result.items.map(safe)) : result;
}

function forMarkup(method: Method): Method {
  const { name } = method;
  if (name === "format" || name === "format_map") return method;
  if (name === "join")
    return { name, call: (self, [items]) => new Markup(joinStrings(rawString(self as Markup), items, true)) };
  return {
    name,
    call: (self, args, kwargs, context) => {
      const escaped = ESCAPED_ARGUMENTS.has(name)
        ? args.map((arg) => (isString(arg) || hasHtml(arg) ? escapeHtml(arg).value : arg))
        : args;
      const result = method.call(rawString(self as Markup), escaped, kwargs, context);
      return SAFE_RESULT.has(name) ? safe(result) : result;
    },
  };
}

const unescapeMethods = methodTable<Markup>("Markup", {
  unescape: ["", (self) => unescapeHtml(self.value)],
  striptags: ["", (self) => stripTags(self.value)],
});

export const markupMethods: MethodTable = new Map([
  ...[...strMethods.values()].map((method): [string, Method] => [method.name, forMarkup(method)]),
  ...unescapeMethods,
]);
