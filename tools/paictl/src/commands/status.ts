import { command } from "@pai/cli";
import type { ServiceStatus } from "@pai/actions/deploy";
import { choiceOptions, serviceOptions, withTarget } from "./options.ts";

export const status = command({
  command: "status",
  describe: "show how the services are; ends with 1 when one is not ready",
  options: { ...serviceOptions, ...choiceOptions },
  examples: [["paictl service status -n hbase", "one service, and why it is not ready"]],
  async run(options, { report, signal, output, print }) {
    const { serviceStatus } = await import("@pai/actions/deploy");
    const rows = await withTarget(options, { report, signal }, (target) =>
      serviceStatus({ ...target, report, signal }),
    );
    if (output === "json") for (const row of rows) print(JSON.stringify({ type: "status", ...row }));
    else print(formatStatus(rows));
    return rows.some(({ state }) => state === "not ready") ? 1 : 0;
  },
});

export function formatStatus(rows: readonly ServiceStatus[]): string {
  const width = Math.max(0, ...rows.map(({ service }) => service.length));
  const counts = new Map<string, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  const summary = [...counts].map(([state, count]) => `${count} ${state}`).join(", ");
  return [
    ...rows.flatMap(({ service, state, pods, reasons }) => {
      const left = `  ${service.padEnd(width)}   ${state.padEnd(11)}   ${(pods || "-").padEnd(10)}`;
      const [first = "", ...others] = reasons;
      return [
        `${left} ${first}`.trimEnd(),
        ...others.map((reason) => `${" ".repeat(left.length)} ${reason}`),
      ];
    }),
    `${rows.length} ${rows.length === 1 ? "service" : "services"}: ${summary}`,
  ].join("\n");
}
