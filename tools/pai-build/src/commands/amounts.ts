import { PaiError } from "@pai/core";

const durations: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const sizes: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** `14d`, in milliseconds. Throws USAGE. */
export function parseDuration(option: string, text: string): number {
  return parseAmount(option, text, { units: durations, such: "14d; with m, h, d or w" });
}

/** `5GB`, in bytes, in thousands. Throws USAGE. */
export function parseBytes(option: string, text: string): number {
  return parseAmount(option, text.toUpperCase(), { units: sizes, such: "5GB; with B, kB, MB, GB or TB" });
}

function parseAmount(
  option: string,
  text: string,
  { units, such }: { readonly units: Readonly<Record<string, number>>; readonly such: string },
): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)([a-zA-Z]+)$/.exec(text) ?? [];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (factor !== undefined) return Number(number) * factor;
  throw new PaiError("USAGE", `${option} ${text}: this is no amount`, { hint: `write it like ${such}` });
}
