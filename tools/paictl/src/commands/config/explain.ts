import { command } from "@pai/cli";
import { formatLocation, type Location } from "@pai/core";
import type { ExplainedSetting } from "@pai/actions/render";
import { formatModelJson } from "@pai/model";
import { serviceOptions, targetOf } from "../options.ts";

const { "cluster-conf-path": directory, model, root } = serviceOptions;

export const explain = command({
  command: "explain <service>",
  describe: "show the settings that a service reads, their values and where these come from",
  options: {
    service: { type: "string", demandOption: true, describe: "one service" },
    "cluster-conf-path": directory,
    model,
    root,
  },
  examples: [["paictl config explain hbase", "what hbase.port is, which file says so, and who reads it"]],
  async run(options, { report, signal, output, print }) {
    const { explainService } = await import("@pai/actions/render");
    const target = targetOf({
      ...options,
      "service-name": undefined,
      "kube-config-path": undefined,
      context: undefined,
    });
    const settings = await explainService(options.service, { ...target, report, signal });
    if (output === "json")
      for (const setting of settings)
        print(JSON.stringify({ type: "setting", ...setting, value: valueOf(setting) }));
    else print(formatSettings(options.service, settings));
  },
});

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

function valueOf({ value }: ExplainedSetting): string {
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
