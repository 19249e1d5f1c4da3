import { PaiError } from "@pai/core";
import { isModelObject, parseYaml, type ModelValue, type YamlDocument } from "@pai/model";
import type { Rule } from "../rule.ts";
import { textIn, type Tree } from "../tree.ts";

const file = "nx.json";
const plugin = "@pai/nx-plugin";
const targets = ["check", "build", "push", "explain", "deploy", "stop", "delete", "refresh"];

export const nxTargetDefaults: Rule = {
  id: "nx-target-defaults",
  level: "warning",
  about:
    "targetDefaults of nx.json replace what the plugin says of a service's target, such as its inputs, so that Nx takes stale results.",
  *check({ tree }) {
    const document = readNxJson(tree);
    const defaults = keyOf(document?.value, "targetDefaults");
    if (!isModelObject(defaults)) return;
    for (const name of targets) {
      // Nx takes the entry of an executor before that of a name.
      if (!defaults.has(name) || defaults.has(`${plugin}:${name}`)) continue;
      yield {
        ...document?.locate(["targetDefaults", name]),
        file,
        message: `targetDefaults of "${name}" hold for services, too; npx nx g ${plugin}:init keeps them out`,
      };
    }
  },
};

/** Undefined without the plugin, and where it has comments, which Nx allows. */
function readNxJson(tree: Tree): YamlDocument | undefined {
  const text = textIn(tree, file);
  if (!text?.includes(plugin)) return undefined;
  try {
    return parseYaml(text, file);
  } catch (error) {
    if (error instanceof PaiError) return undefined;
    throw error;
  }
}

function keyOf(value: ModelValue | undefined, key: string): ModelValue | undefined {
  return isModelObject(value) ? value.get(key) : undefined;
}
