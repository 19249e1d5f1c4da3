import { command } from "@pai/cli";
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
    const [{ explainService }, { formatSettings, valueOf }] = await Promise.all([
      import("@pai/actions/render"),
      import("./explain-text.ts"),
    ]);
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
