// Python's format specification: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.
import { raise } from "../errors.ts";
import type { Meter } from "../limits.ts";
import { numberOf } from "./compare.ts";
import { isNegative } from "./floats.ts";
import { intToFloat } from "./integers.ts";
import { floatText, groupDigits, intDigits } from "./number-text.ts";
import { intText, str } from "./repr.ts";
import { codePoints, stringLength } from "./strings.ts";
import { isFloat, isString, rawString, typeName } from "./types.ts";

interface Spec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?(.)?$/su;

function parseSpec(text: string, kind: string): Spec {
  const match = SPEC.exec(text);
  if (!match)
    return raise(
      "ValueError",
      /\.(?!\d)/.test(text) ? "Format specifier missing precision" : "Invalid format specifier",
    );
  const [, fill, align, sign, , alternate, zero, width, grouping, precision, type] = match;
  return {
    fill:
      fill ??
      (zero && align === undefined
        ? "0"
        : align === undefined
          ? " "
          : zero && fill === undefined
            ? "0"
            : " "),
    align: align ?? (zero ? (kind === "str" ? "<" : "=") : ""),
    sign: sign ?? "",
    alternate: alternate !== undefined,
    zero: zero !== undefined,
    width: Number(width ?? 0),
    grouping: grouping ?? "",
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? "",
  };
}

/** Python's `format(value, spec)`. */
export function formatValue(value: unknown, spec: string, meter: Meter): string {
  if (isString(value)) return spec === "" ? rawString(value) : formatString(rawString(value), spec, meter);
  if (spec === "") return str(value);
  const number = numberOf(value);
  if (number === undefined)
    return raise("TypeError", `unsupported format string passed to ${typeName(value)}.__format__`);
  const parsed = parseSpec(spec, typeName(value));
  meter.repeat(parsed.width);
  if (isFloat(value)) return formatFloat(Number(number), parsed, "float", meter);
  if (/^[eEfFgG%]$/.test(parsed.type)) return formatFloat(intToFloat(number), parsed, typeName(value), meter);
  return formatInt(number, parsed, typeName(value));
}

function unknownCode(type: string, kind: string): never {
  return raise("ValueError", `Unknown format code '${type}' for object of type '${kind}'`);
}

function formatString(text: string, specText: string, meter: Meter): string {
  const spec = parseSpec(specText, "str");
  if (spec.type !== "" && spec.type !== "s") return unknownCode(spec.type, "str");
  if (spec.sign !== "")
    return raise(
      "ValueError",
      spec.sign === " "
        ? "Space not allowed in string format specifier"
        : "Sign not allowed in string format specifier",
    );
  if (spec.alternate) return raise("ValueError", "Alternate form (#) not allowed in string format specifier");
  if (spec.align === "=") return raise("ValueError", "'=' alignment not allowed in string format specifier");
  if (spec.grouping !== "") return raise("ValueError", `Cannot specify '${spec.grouping}' with 's'.`);
  meter.repeat(spec.width);
  const shown = spec.precision === undefined ? text : codePoints(text).slice(0, spec.precision).join("");
  return pad(shown, spec, "<");
}

function formatInt(value: number | bigint, spec: Spec, kind: string): string {
  if (spec.precision !== undefined)
    return raise("ValueError", "Precision not allowed in integer format specifier");
  const base = { "": 10, d: 10, n: 10, b: 2, o: 8, x: 16, X: 16 }[spec.type] as 2 | 8 | 10 | 16 | undefined;
  if (spec.type === "c") return formatChar(value, spec);
  if (base === undefined) return unknownCode(spec.type, kind);
  if (spec.grouping === "," && base !== 10)
    return raise("ValueError", `Cannot specify ',' with '${spec.type}'.`);
  if (spec.grouping !== "" && spec.type === "n")
    return raise("ValueError", `Cannot specify '${spec.grouping}' with 'n'.`);
  const lower = base === 10 ? intText(value).replace("-", "") : intDigits(value, base);
  const prefix = spec.alternate && base !== 10 ? `0${spec.type}` : "";
  const digits = spec.type === "X" ? lower.toUpperCase() : lower;
  return assemble({ negative: value < 0, prefix, digits, groupSize: base === 10 ? 3 : 4 }, spec);
}

function formatChar(value: number | bigint, spec: Spec): string {
  if (spec.sign !== "") return raise("ValueError", "Sign not allowed with integer format specifier 'c'");
  if (spec.alternate)
    return raise("ValueError", "Alternate form (#) not allowed with integer format specifier 'c'");
  if (spec.grouping !== "") return raise("ValueError", `Cannot specify '${spec.grouping}' with 'c'.`);
  const code = Number(value);
  if (code < 0 || code > 0x10ffff) return raise("OverflowError", "%c arg not in range(0x110000)");
  return pad(String.fromCodePoint(code), spec, "<");
}

function formatFloat(value: number, spec: Spec, kind: string, meter: Meter): string {
  const type = spec.type;
  if (type !== "" && !/^[eEfFgGn%]$/.test(type)) return unknownCode(type, kind);
  if (spec.grouping !== "" && type === "n")
    return raise("ValueError", `Cannot specify '${spec.grouping}' with 'n'.`);
  const lower = type.toLowerCase();
  const percent = type === "%";
  const style =
    type === ""
      ? spec.precision === undefined
        ? "r"
        : "g"
      : percent
        ? "f"
        : lower === "n"
          ? "g"
          : (lower as "e" | "f" | "g");
  const text = floatText(
    percent ? value * 100 : value,
    {
      type: style,
      precision: spec.precision ?? (type === "" ? 0 : 6),
      alternate: spec.alternate,
      withPoint: type === "",
    },
    meter,
  );
  const digits = (type !== lower ? text.toUpperCase() : text) + (percent ? "%" : "");
  return assemble({ negative: isNegative(value), prefix: "", digits, groupSize: 3 }, spec);
}

interface NumberParts {
  readonly negative: boolean;
  readonly prefix: string;
  readonly digits: string;
  readonly groupSize: number;
}

function assemble({ negative, prefix, digits, groupSize }: NumberParts, spec: Spec): string {
  const sign = negative ? "-" : spec.sign === "+" || spec.sign === " " ? spec.sign : "";
  const lead = sign + prefix;
  if (spec.grouping !== "" && /^\d|^[0-9a-fA-F]+$/.test(digits)) {
    const fillsWithZeros = spec.fill === "0" && spec.align === "=";
    const grouped = groupDigits(
      digits,
      spec.grouping,
      groupSize,
      fillsWithZeros ? spec.width - lead.length : 0,
    );
    return spec.align === "="
      ? lead + padStart(grouped, spec.width - lead.length, spec.fill)
      : pad(lead + grouped, spec, ">");
  }
  if (spec.align === "=") return lead + padStart(digits, spec.width - lead.length, spec.fill);
  return pad(lead + digits, spec, ">");
}

function padStart(text: string, width: number, fill: string): string {
  return fill.repeat(Math.max(0, width - stringLength(text))) + text;
}

function pad(text: string, spec: Spec, fallback: "<" | ">"): string {
  const missing = Math.max(0, spec.width - stringLength(text));
  switch (spec.align || fallback) {
    case ">":
    case "=":
      return spec.fill.repeat(missing) + text;
    case "^": {
      const left = Math.floor(missing / 2);
      return spec.fill.repeat(left) + text + spec.fill.repeat(missing - left);
    }
    default:
      return text + spec.fill.repeat(missing);
  }
}
