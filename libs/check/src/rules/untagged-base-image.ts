import { nearMisses } from "@pai/core";
import { imageOwners } from "@pai/plan";
import type { Rule } from "../rule.ts";

export const untaggedBaseImage: Rule = {
  id: "untagged-base-image",
  level: "hint",
  about:
    "FROM names a foreign image without a tag: what is built changes with the registry, not with the tree.",
  *check({ services }) {
    const owners = imageOwners(services);
    for (const { dockerfile, bases } of [...services.values()].flatMap(({ images }) => images)) {
      for (const { reference, line } of bases) {
        const last = reference.slice(reference.lastIndexOf("/") + 1);
        if (owners.has(reference) || /[:@]/.test(last) || nearMisses(reference, owners.keys()).length > 0)
          continue;
        yield { file: dockerfile, line, message: `"${reference}" has no tag; it means whatever is latest` };
      }
    }
  },
};
