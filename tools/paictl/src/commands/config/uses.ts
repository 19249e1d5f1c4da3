import { command } from "@pai/cli";
import { serviceOptions, targetOf } from "../options.ts";

const { "cluster-conf-path": directory, model, root } = serviceOptions;

export const uses = command({
  command: "uses <key>",
  describe: "show which services read a setting, and in which lines of their templates",
  options: {
    key: {
      type: "string",
      demandOption: true,
      describe: "key of the object model with dots; a map stands for all below it",
    },
    "cluster-conf-path": directory,
    model,
    root,
  },
  examples: [
    ["paictl config uses cluster.docker-registry.tag", "who names images by the tag"],
    ["paictl config uses hbase", "who reads any setting of hbase"],
  ],
  async run(options, { report, signal, output, print }) {
    const { findUses } = await import("@pai/actions/render");
    const target = targetOf({
      ...options,
      "service-name": undefined,
      "kube-config-path": undefined,
      context: undefined,
    });
    const found = await findUses(options.key, { ...target, report, signal });
    if (output === "json") {
      for (const use of found) print(JSON.stringify({ type: "use", ...use }));
      return;
    }
    const width = Math.max(0, ...found.map(({ template, line }) => `${template}:${line}`.length));
    for (const [service, lines] of Map.groupBy(found, (use) => use.service)) {
      print(service);
      for (const { template, line, key } of lines) print(`  ${`${template}:${line}`.padEnd(width)}   ${key}`);
    }
    const services = new Set(found.map(({ service }) => service)).size;
    print(
      found.length === 0
        ? `no template reads ${options.key}`
        : `${services} ${services === 1 ? "service reads" : "services read"} ${options.key}`,
    );
  },
});
