import { command } from "@pai/cli";
import type { ServiceStatus } from "@pai/actions/deploy";
import { choiceOptions, manifestOptions, serviceOptions, withTarget } from "./options.ts";

export const status = command({
  command: "status",
  describe: "show how the services are; ends with 1 when one is not ready, changed or outdated",
  options: {
    ...serviceOptions,
    ...choiceOptions,
    ...manifestOptions,
    watch: { alias: "w", type: "boolean", default: false, describe: "go on, and show it when it changes" },
    format: { choices: ["text", "json"] as const, describe: "json is one object a line, as --output json" },
  },
  examples: [
    ["paictl service status -n hbase", "one service, and why it is not ready"],
    ["paictl service status --watch", "every service, until Ctrl-C"],
    ["paictl service status --format json", "with images and revisions"],
  ],
  async run(options, { report, signal, output, print }) {
    const { serviceStatus, watchStatus } = await import("@pai/actions/deploy");
    const isJson = output === "json" || options.format === "json";
    const show = (rows: readonly ServiceStatus[]): void => {
      if (isJson) for (const row of rows) print(JSON.stringify({ type: "status", ...row }));
      else print(formatStatus(rows));
    };
    const onChange = (rows: readonly ServiceStatus[]): void => {
      if (!isJson) print(new Date().toISOString());
      show(rows);
    };
    return withTarget(options, { report, signal }, async (target) => {
      const query = { ...target, report, signal };
      if (options.watch) return watchStatus({ ...query, onChange });
      const rows = await serviceStatus(query);
      show(rows);
      return rows.some(({ state }) => unwell.includes(state)) ? 1 : 0;
    });
  },
});

const unwell: readonly ServiceStatus["state"][] = ["not ready", "changed", "outdated"];

export function formatStatus(rows: readonly ServiceStatus[]): string {
  const width = Math.max(0, ...rows.map(({ service }) => service.length));
  const revisionWidth = Math.max(0, ...rows.map((row) => describeRevision(row).length));
  const counts = new Map<string, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  const summary = [...counts].map(([state, count]) => `${count} ${state}`).join(", ");
  return [
    ...rows.flatMap((row) => {
      const { service, state, pods, reasons } = row;
      const rev =
        revisionWidth > 0 ? (describeRevision(row) || "-").padEnd(Math.max(8, revisionWidth + 2)) : "";
      const left = `  ${service.padEnd(width)}   ${state.padEnd(11)}   ${rev}${(pods || "-").padEnd(10)}`;
      const [first = "", ...others] = reasons;
      return [
        `${left} ${first}`.trimEnd(),
        ...others.map((reason) => `${" ".repeat(left.length)} ${reason}`),
      ];
    }),
    `${rows.length} ${rows.length === 1 ? "service" : "services"}: ${summary}`,
  ].join("\n");
}

function describeRevision({ revision, isNeverReady }: ServiceStatus): string {
  return revision === undefined ? "" : `rev ${revision}${isNeverReady ? " (never ready)" : ""}`;
}
