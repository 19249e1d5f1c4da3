import { command } from "@pai/cli";
import { serviceOptions, targetOf } from "../options.ts";

const { "cluster-conf-path": directory, root } = serviceOptions;

export const validate = command({
  command: "validate",
  describe:
    "read a configuration directory and make the object model of it; paictl check looks at everything",
  options: { "cluster-conf-path": directory, root },
  examples: [["paictl config validate -p configuration", "all its mistakes at once, with file and line"]],
  async run(options, { report, signal, output, print }) {
    const { readConfiguration } = await import("@pai/actions/config");
    const target = targetOf({
      ...options,
      "service-name": undefined,
      "kube-config-path": undefined,
      context: undefined,
    });
    const { clusterId, machines, apiServerUrl, registry } = await readConfiguration({
      ...target,
      report,
      signal,
    });
    const names = machines.map(({ hostname }) => hostname);
    if (output === "json") {
      print(
        JSON.stringify({
          type: "valid",
          clusterId,
          apiServerUrl,
          registry: registry.prefix,
          machines: names,
        }),
      );
      return;
    }
    print(
      [
        `${target.configuration} is valid`,
        `  cluster    ${clusterId} at ${apiServerUrl}`,
        `  machines   ${names.join(", ")}`,
        `  images     ${registry.prefix}<image>:${registry.tag}`,
      ].join("\n"),
    );
  },
});
