import { command } from "@pai/cli";
import type { AffectedService } from "@pai/actions/affected";
import { serviceOptions, targetOf } from "./options.ts";

const { "cluster-conf-path": directory, root } = serviceOptions;

export const affected = command({
  command: "affected",
  describe: "show the services that a change touches, and why; needs neither engine nor cluster",
  options: {
    base: { type: "string", demandOption: true, describe: "commit to compare with, such as origin/main" },
    head: { type: "string", describe: "commit to compare; the work tree as it is when absent" },
    format: {
      choices: ["text", "json", "names"] as const,
      default: "text",
      describe: "lines for people, one JSON document, or names only",
    },
    deployable: {
      type: "boolean",
      default: false,
      describe: "only services that can be started: not removed ones, nor those that only build images",
    },
    "cluster-conf-path": directory,
    root,
  },
  examples: [
    ["paictl affected --base origin/main", "what your changes touch"],
    ["paictl affected --base HEAD~1 --head HEAD --format json", "what the last commit touched"],
    ["paictl affected --base origin/main --deployable --format names", "names for  paictl service plan -n"],
  ],
  async run(options, { report, signal, print }) {
    const { findAffected } = await import("@pai/actions/affected");
    const target = targetOf({
      ...options,
      "service-name": undefined,
      "kube-config-path": undefined,
      context: undefined,
    });
    const { base, head, format, deployable } = options;
    const all = await findAffected({ ...target, base, head, report, signal });
    const result = deployable ? { ...all, affected: all.affected.filter((each) => each.deployable) } : all;
    if (format === "json") print(JSON.stringify({ base, head: head ?? null, ...result }, undefined, 2));
    else if (format === "names") for (const { service } of result.affected) print(service);
    else
      print(
        formatAffected(
          result.affected,
          `${result.services} services · ${base} to ${head ?? "the work tree"}`,
        ),
      );
  },
});

const indent = " ".repeat(13);

export function formatAffected(services: readonly AffectedService[], of: string): string {
  const lines = services.flatMap(({ service, change, reasons }) => [
    change === "changed" ? service : `${service}   ${change}`,
    ...reasons.flatMap(({ kind, what, because }) => [
      `  ${kind.padEnd(9)}  ${what}`,
      ...because.slice(0, 5).map((each) => `${indent}because of ${each}`),
      ...(because.length > 5 ? [`${indent}and ${because.length - 5} more`] : []),
    ]),
  ]);
  return [...lines, `${services.length} affected of ${of}`].join("\n");
}
