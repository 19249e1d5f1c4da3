import type { Rule } from "../rule.ts";

export const missingConfiguration: Rule = {
  id: "missing-configuration",
  level: "error",
  about: "The configuration folder lacks a file that commands need.",
  *check({ configuration }) {
    if (configuration.modelFile !== undefined) return;
    const has = (name: string): boolean => configuration.tree.read(name).kind !== "missing";
    const isOld = !has("layout.yaml") && has("cluster-configuration.yaml");
    const needed = isOld ? ["kubernetes-configuration.yaml"] : ["layout.yaml"];
    for (const name of [...needed, "services-configuration.yaml"]) {
      if (!has(name))
        yield { file: configuration.shown(name), message: `${configuration.shown(name)} does not exist` };
    }
  },
};
