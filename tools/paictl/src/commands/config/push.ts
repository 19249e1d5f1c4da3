import { command } from "@pai/cli";
import { PaiError } from "@pai/core";
import type { PushOptions } from "@pai/actions/config";
import { clusterOf, clusterOptions, idOf, idOptions } from "./options.ts";

export const push = command({
  command: "push",
  describe: "merge a configuration into the one that the cluster keeps",
  options: {
    "cluster-conf-path": {
      alias: ["p", "configuration"],
      type: "string",
      describe: "configuration directory, relative to the root of the tree",
    },
    "external-storage-conf-path": {
      alias: "e",
      type: "string",
      describe: "file that says where the configuration is: type local or git, url, branch, path",
    },
    "push-mode": {
      alias: "m",
      choices: ["all", "service"] as const,
      default: "all",
      describe: "service leaves out the files of Kubernetes itself",
    },
    ...clusterOptions,
    ...idOptions,
  },
  examples: [
    ["paictl config push -p configuration", "asks the cluster's id, then pushes"],
    ["paictl config push -p configuration --yes", "the same in a script"],
  ],
  async run(options, context) {
    const { pushConfiguration } = await import("@pai/actions/config");
    const { files, clusterId } = await pushConfiguration({
      ...clusterOf(options),
      ...idOf(options, context),
      source: sourceOf(options["cluster-conf-path"], options["external-storage-conf-path"]),
      mode: options["push-mode"] === "service" ? "service" : "all",
      report: context.report,
      signal: context.signal,
    });
    if (context.output === "json") context.print(JSON.stringify({ type: "pushed", clusterId, files }));
    else {
      for (const { name, outcome } of files) context.print(`  ${name.padEnd(32)}${outcome}`);
      context.print(`pushed to the cluster ${clusterId}`);
    }
  },
});

function sourceOf(folder: string | undefined, file: string | undefined): PushOptions["source"] {
  if (folder !== undefined && file !== undefined)
    throw new PaiError("USAGE", "-p and -e both say where the configuration is", {
      hint: "give one of them",
    });
  if (folder !== undefined) return { from: "folder", folder };
  return file === undefined ? { from: "stored" } : { from: "external", file };
}
