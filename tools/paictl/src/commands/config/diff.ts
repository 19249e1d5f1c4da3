import { command } from "@pai/cli";
import type { ConfigurationDifference } from "@pai/actions/config";
import { serviceOptions } from "../options.ts";
import { clusterOf, clusterOptions } from "./options.ts";

const differ = 3;

export const diff = command({
  command: "diff",
  describe:
    "compare a configuration directory with what was pushed, secrets masked; ends with 3 if they differ",
  options: { "cluster-conf-path": serviceOptions["cluster-conf-path"], ...clusterOptions },
  examples: [["paictl config diff", "what a push would change"]],
  async run(options, { report, signal, output, print }) {
    const { diffConfiguration } = await import("@pai/actions/config");
    const folder = options["cluster-conf-path"];
    const difference = await diffConfiguration({ ...clusterOf(options), folder, report, signal });
    print(
      output === "json"
        ? JSON.stringify({ type: "diff", ...difference })
        : formatDifference(folder, difference),
    );
    return difference.pushed && difference.files.length === 0 ? 0 : differ;
  },
});

export function formatDifference(folder: string, { pushed, files }: ConfigurationDifference): string {
  if (!pushed) return "no configuration was pushed to the cluster";
  if (files.length === 0) return `${folder} is what was pushed`;
  return files
    .flatMap(({ name, only, changes }) => {
      if (only === "local") return [`${folder}/${name} was not pushed`];
      if (only === "pushed") return [`${name} is only in the cluster; a push leaves it there`];
      return [
        `${folder}/${name}`,
        ...changes.map(({ sign, line, text }) => `  ${String(line).padStart(4)} ${sign} ${text}`),
      ];
    })
    .join("\n");
}
