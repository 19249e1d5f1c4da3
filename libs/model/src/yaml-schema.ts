// Scalars as PyYAML's SafeLoader reads them (its resolver.py), because OpenPAI's files are written for it.
// js-yaml's own schemas differ: CORE reads 0644 as 644 and yes as text, YAML11 reads y and n as booleans.
import { CORE_SCHEMA, defineScalarTag, mergeTag, NOT_RESOLVED, realMapTag, type Schema } from "js-yaml";
import { ModelFloat } from "./cluster.ts";

const nullPattern = /^(?:~|null|Null|NULL|)$/;
const truePattern = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const falsePattern = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const intPattern = /^[-+]?(?:0b[01_]+|0[0-7_]+|0x[\da-fA-F_]+|0|[1-9][\d_]*|[1-9][\d_]*(?::[0-5]?\d)+)$/;
const floatPattern =
  /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const signedDigits = Array.from("-+0123456789");

export function pythonSchema(): Schema {
  return CORE_SCHEMA.withTags(
    realMapTag,
    mergeTag,
    scalar("null", ["", "~", "n", "N"], (text) => (nullPattern.test(text) ? null : NOT_RESOLVED)),
    scalar("bool", Array.from("yYnNtTfFoO"), (text) => {
      if (truePattern.test(text)) return true;
      return falsePattern.test(text) ? false : NOT_RESOLVED;
    }),
    scalar("int", signedDigits, (text) => (intPattern.test(text) ? integerOf(text) : NOT_RESOLVED)),
    scalar("float", [...signedDigits, "."], (text, explicit) => {
      if (floatPattern.test(text)) return floatOf(text);
      // `!!float 1` is written by people who know what they want.
      return explicit && intPattern.test(text) ? boxed(Number(integerOf(text))) : NOT_RESOLVED;
    }),
  );
}

function scalar<T>(
  name: string,
  firstCharacters: readonly string[],
  resolve: (text: string, explicit: boolean) => T | typeof NOT_RESOLVED,
): ReturnType<typeof defineScalarTag<T>> {
  return defineScalarTag<T>(`tag:yaml.org,2002:${name}`, {
    implicit: true,
    implicitFirstChars: firstCharacters,
    resolve,
    identify: () => false,
  });
}

function integerOf(text: string): number | bigint {
  const digits = text.replaceAll("_", "");
  const negative = digits.startsWith("-");
  const unsigned = digits.replace(/^[-+]/, "");
  const magnitude = unsigned.includes(":") ? Number(sexagesimal(unsigned)) : BigInt(withRadix(unsigned));
  const value = negative ? -magnitude : magnitude;
  return Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value);
}

function withRadix(digits: string): string {
  return /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
}

function floatOf(text: string): number | ModelFloat {
  const digits = text.replaceAll("_", "").toLowerCase();
  const negative = digits.startsWith("-");
  const unsigned = digits.replace(/^[-+]/, "");
  const magnitude = unsigned === ".inf" ? Infinity : unsigned === ".nan" ? Number.NaN : sexagesimal(unsigned);
  return boxed(negative ? -magnitude : magnitude);
}

/** `1:30` is 90: numbers of base 60, as YAML 1.1 has them. */
function sexagesimal(digits: string): number {
  return digits.split(":").reduce((value, part) => value * 60 + Number(part), 0);
}

function boxed(value: number): number | ModelFloat {
  return Number.isFinite(value) && !Number.isInteger(value) ? value : new ModelFloat(value);
}
