// `'{0} {name!r:>10}'.format(...)`.
import { raise } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { formatValue } from "./format-spec.ts";
import { escapeHtml, hasHtml } from "./markup.ts";
import { asciiRepr } from "./percent-format.ts";
import { repr, reprString, str } from "./repr.ts";
import { isString, type Kwargs, Markup, rawString, typeName } from "./types.ts";

export interface FormatArguments {
  readonly positional: readonly unknown[];
  readonly named: Kwargs;
  readonly escape: boolean;
  readonly runtime: Runtime;
}

interface State {
  readonly arguments: FormatArguments;
  automatic: number | "manual" | undefined;
}

function strFormat(format: string, args: FormatArguments): string {
  const result = expand(format, { arguments: args, automatic: undefined }, 2);
  return result;
}

function expand(format: string, state: State, depth: number): string {
  if (depth < 1) return raise("ValueError", "Max string recursion exceeded");
  let result = "";
  let at = 0;
  while (at < format.length) {
    const brace = format.slice(at).search(/[{}]/);
    if (brace < 0) return result + format.slice(at);
    const here = at + brace;
    result += format.slice(at, here);
    const char = format.charAt(here);
    if (format.charAt(here + 1) === char) {
      result += char;
      at = here + 2;
    } else if (char === "}") {
      return raise("ValueError", "Single '}' encountered in format string");
    } else {
      const end = fieldEnd(format, here + 1);
      result += field(format.slice(here + 1, end), state, depth);
      at = end + 1;
    }
  }
  return result;
}

function fieldEnd(format: string, start: number): number {
  if (start >= format.length) return raise("ValueError", "Single '{' encountered in format string");
  let open = 1;
  let bracket = false;
  for (let at = start; at < format.length; at++) {
    const char = format.charAt(at);
    if (bracket) bracket = char !== "]";
    else if (char === "[") bracket = true;
    else if (char === "{") open++;
    else if (char === "}" && --open === 0) return at;
  }
  return raise("ValueError", "expected '}' before end of string");
}

function field(text: string, state: State, depth: number): string {
  const { name, conversion, spec } = splitField(text);
  const value = convert(lookUp(name, state), conversion);
  const expanded = /[{}]/.test(spec) ? expand(spec, state, depth - 1) : spec;
  const { escape, runtime } = state.arguments;
  if (!escape) return formatValue(value, expanded, runtime.meter);
  if (hasHtml(value)) {
    if (expanded !== "") return raise("ValueError", "Unsupported format specification for Markup.");
    return escapeHtml(value).value;
  }
  return escapeHtml(formatValue(value, expanded, runtime.meter)).value;
}

function splitField(text: string): { name: string; conversion: string | undefined; spec: string } {
  let bracket = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (bracket) bracket = char !== "]";
    else if (char === "[") bracket = true;
    else if (char === "{") return raise("ValueError", "unexpected '{' in field name");
    else if (char === ":")
      return { name: text.slice(0, at), conversion: undefined, spec: text.slice(at + 1) };
    else if (char === "!") {
      const conversion = text.charAt(at + 1);
      if (conversion === "")
        return raise("ValueError", "end of string while looking for conversion specifier");
      const after = text.slice(at + 2);
      if (after !== "" && !after.startsWith(":"))
        return raise("ValueError", "expected ':' after conversion specifier");
      return { name: text.slice(0, at), conversion, spec: after.slice(1) };
    }
  }
  return { name: text, conversion: undefined, spec: "" };
}

function convert(value: unknown, conversion: string | undefined): unknown {
  switch (conversion) {
    case undefined:
      return value;
    case "s":
      return str(value);
    case "r":
      return repr(value);
    case "a":
      return asciiRepr(value);
    default:
      return raise(
        "ValueError",
        `Unknown conversion specifier ${/^[\x21-\x7e]$/.test(conversion) ? conversion : `\\x${(conversion.codePointAt(0) ?? 0).toString(16)}`}`,
      );
  }
}

const STEP = /^(?:\.([^.[]*)|\[([^\]]*)\])/;

function lookUp(name: string, state: State): unknown {
  const { positional, named, runtime } = state.arguments;
  const first = /^[^.[]*/.exec(name)?.[0] ?? "";
  let value: unknown;
  if (first === "" || /^\d+$/.test(first)) {
    const index = first === "" ? nextAutomatic(state) : manual(state, Number(first));
    if (index >= positional.length)
      return raise("IndexError", `Replacement index ${index} out of range for positional args tuple`);
    value = positional[index];
  } else {
    if (!named.has(first)) return raise("KeyError", reprString(first));
    value = named.get(first);
  }
  let rest = name.slice(first.length);
  while (rest !== "") {
    const step = STEP.exec(rest);
    if (!step)
      return raise(
        "ValueError",
        rest.startsWith("[")
          ? "Missing ']' in format string"
          : "Only '.' or '[' may follow ']' in format field specifier",
      );
    const [whole, attribute, item] = step;
    if ((attribute ?? item) === "") return raise("ValueError", "Empty attribute in format string");
    value =
      attribute === undefined
        ? itemStep(value, item ?? "", runtime)
        : attributeStep(value, attribute, runtime);
    rest = rest.slice(whole.length);
  }
  return value;
}

function attributeStep(value: unknown, name: string, runtime: Runtime): unknown {
  const found = runtime.lookup.attribute(value, name, runtime);
  if (found !== undefined) return found;
  return raise("AttributeError", `'${typeName(value)}' object has no attribute '${name}'`);
}

function itemStep(value: unknown, key: string, runtime: Runtime): unknown {
  const index = /^\d+$/.test(key) ? Number(key) : key;
  const found = runtime.lookup.item(value, index, runtime);
  if (found !== undefined) return found;
  if (value instanceof Map) return raise("KeyError", repr(index));
  if (isString(value) || Array.isArray(value))
    return typeof index === "number"
      ? raise("IndexError", `${typeName(value)} index out of range`)
      : raise("TypeError", `${typeName(value)} indices must be integers, not str`);
  return raise("TypeError", `'${typeName(value)}' object is not subscriptable`);
}

function nextAutomatic(state: State): number {
  if (state.automatic === "manual")
    return raise("ValueError", "cannot switch from manual field specification to automatic field numbering");
  const index = state.automatic ?? 0;
  state.automatic = index + 1;
  return index;
}

function manual(state: State, index: number): number {
  if (typeof state.automatic === "number")
    return raise("ValueError", "cannot switch from automatic field numbering to manual field specification");
  state.automatic = "manual";
  return index;
}

export function formatMethod(self: string | Markup, args: Omit<FormatArguments, "escape">): string | Markup {
  const escape = self instanceof Markup;
  const text = strFormat(rawString(self), { ...args, escape });
  return escape ? new Markup(text) : text;
}
