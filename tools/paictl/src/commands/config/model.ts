import { nearMisses, PaiError } from "@pai/core";
import { command } from "@pai/cli";
import type { ModelObject, ModelValue } from "@pai/model";
import { serviceOptions, targetOf } from "../options.ts";

const { "cluster-conf-path": directory, model: file, "service-name": names, root } = serviceOptions;

export const model = command({
  command: "model",
  describe: "print the object model that templates see as cluster_cfg, secrets masked",
  options: {
    "cluster-conf-path": directory,
    model: file,
    "service-name": { ...names, describe: "only these services of the model; all of it when absent" },
    root,
    format: { choices: ["yaml", "json"] as const, default: "yaml", describe: "how it is written" },
  },
  examples: [["paictl config model -n hbase --format json", "what the templates of hbase see of it"]],
  async run(options, { report, signal, print }) {
    const [{ readConfiguration }, { formatModelJson, formatModelYaml, maskModel }] = await Promise.all([
      import("@pai/actions/config"),
      import("@pai/model"),
    ]);
    const target = targetOf({ ...options, "kube-config-path": undefined, context: undefined });
    const cluster = await readConfiguration({ ...target, report, signal });
    const shown = selectKeys(maskModel(cluster), target.services);
    print(options.format === "json" ? formatModelJson(shown) : formatModelYaml(shown).trimEnd());
  },
});

/** Those keys of the model; all without names. Throws UNKNOWN_SERVICE. */
export function selectKeys(whole: ModelObject, names: readonly string[] = []): ModelObject {
  if (names.length === 0 || names.includes("all")) return whole;
  return new Map(
    names.map((name): [string, ModelValue] => {
      const value = whole.get(name);
      if (value !== undefined) return [name, value];
      const near = nearMisses(name, whole.keys()).map((each) => `"${each}"`);
      throw new PaiError("UNKNOWN_SERVICE", `the model has no "${name}"`, {
        hint:
          near.length > 0
            ? `did you mean ${near.join(" or ")}?`
            : "a service is part of it when it has a src/<service>/config, or settings in services-configuration.yaml",
      });
    }),
  );
}
