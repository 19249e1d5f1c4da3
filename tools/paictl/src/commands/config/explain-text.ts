import type { ExplainedSetting } from "@pai/actions/render";
import { formatLocation, type Location } from "@pai/core";
import { formatModelJson } from "@pai/model";

export function formatSettings(service: string, settings: readonly ExplainedSetting[]): string {
  const rows = settings.map((setting) => {
    const { key, origin } = setting;
    const from = origin.location ? placeOf(origin.location) : "";
    return { key, value: shorten(valueOf(setting)), from: `${origin.kind}  ${from}`.trimEnd() };
  });
  const width = (of: "key" | "value"): number => Math.max(0, ...rows.map((row) => row[of].length));
  const [keys, values] = [width("key"), width("value")];
  const count = settings.length === 1 ? "1 setting" : `${settings.length} settings`;
  return [
    `${service} reads ${settings.length === 0 ? "no settings" : count}`,
    ...rows.map(({ key, value, from }) => `  ${key.padEnd(keys)}   ${value.padEnd(values)}   ${from}`),
  ].join("\n");
}

export function valueOf({ value }: ExplainedSetting): string {
  if (value === undefined) return "-";
  return typeof value === "string" ? value : formatModelJson(value).replaceAll(/\s+/g, " ");
}

function placeOf({ file, line }: Location): string {
  return formatLocation(line === undefined ? { file } : { file, line });
}

function shorten(text: string): string {
  const line = text.replaceAll("\n", " ");
  return line.length > 24 ? `${line.slice(0, 23)}…` : line;
}
