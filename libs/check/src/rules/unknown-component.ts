import { nearMisses } from "@pai/core";
import { meant } from "@pai/model";
import { shown } from "../finding.ts";
import type { Rule } from "../rule.ts";

export const unknownComponent: Rule = {
  id: "unknown-component",
  level: "error",
  about: "component.dep names something that is no folder of src/.",
  *check({ services, tree }) {
    const folders = tree.list("src").flatMap(({ name, kind }) => (kind === "folder" ? [name] : []));
    for (const { folder, components } of services.values()) {
      for (const { name, line } of components) {
        if (folders.includes(name)) continue;
        const [near] = nearMisses(name, folders);
        yield {
          file: `${folder}/build/component.dep`,
          line,
          message: `"${shown(name)}" is no service${meant(near)}`,
        };
      }
    }
  },
};
