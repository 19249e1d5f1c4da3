const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `90s`, `15m` or `1h`; a bare number counts seconds. Undefined for what is no time. */
export function parseDuration(text: string): number | undefined {
  const { value, unit = "s" } = /^(?<value>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)?$/.exec(text.trim())?.groups ?? {};
  const ms = Number(value) * (unitMs[unit] ?? Number.NaN);
  return ms >= 0 ? ms : undefined;
}
