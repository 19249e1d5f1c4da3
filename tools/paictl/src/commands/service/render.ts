import path from "node:path";
import { command } from "@pai/cli";
import { createMask, PaiError } from "@pai/core";
import { serviceOptions, targetOf, manifestOptions } from "../options.ts";

const { "cluster-conf-path": directory, model, "service-name": names, root } = serviceOptions;

export const render = command({
  command: "render",
  describe: "write what a start would apply, byte for byte; starts nothing",
  options: {
    "cluster-conf-path": directory,
    model,
    "service-name": names,
    root,
    all: { type: "boolean", default: false, describe: "every service, in the order of starts" },
    out: {
      alias: "o",
      type: "string",
      // Without it, yargs takes a lone - for a further argument.
      nargs: 1,
      demandOption: true,
      describe: "folder for <service>/<file>, relative to the root of the tree; - prints the rendered files",
    },
    ...manifestOptions,
    "show-secrets": {
      type: "boolean",
      default: false,
      describe: "print passwords with --out -, which masks them otherwise",
    },
  },
  examples: [
    ["paictl service render -n hbase --out dist/rendered", "the files of hbase as its scripts get them"],
    ["paictl service render --all --out -", "all that is rendered, secrets masked"],
  ],
  async run(options, { report, signal, output, print }) {
    const target = targetOf({ ...options, "kube-config-path": undefined, context: undefined });
    if (options.all === (target.services !== undefined))
      throw new PaiError("USAGE", "say which services: -n hbase zookeeper, or --all");
    const { renderServices, writeRendered } = await import("@pai/actions/render");
    const result = await renderServices({ ...target, pin: options.pin, report, signal });
    if (options.out !== "-") {
      const written = await writeRendered(path.resolve(target.root, options.out), result, target);
      for (const file of written) print(output === "json" ? JSON.stringify({ type: "file", file }) : file);
      return;
    }
    const mask = options["show-secrets"]
      ? (text: string): string => text
      : createMask(result.cluster.secrets);
    for (const { service, files } of result.services) {
      for (const { name, template, content } of files) {
        if (template === undefined) continue;
        const text = mask(content.toString());
        if (output === "json") print(JSON.stringify({ type: "file", service, name, template, text }));
        else print(`# ${service}/${name}\n${text}`);
      }
    }
  },
});
