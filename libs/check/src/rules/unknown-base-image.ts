import { nearMisses } from "@pai/core";
import { imageOwners } from "@pai/plan";
import type { Rule } from "../rule.ts";

export const unknownBaseImage: Rule = {
  id: "unknown-base-image",
  level: "error",
  about: "FROM or COPY --from names, without registry and tag, nearly an image of this tree.",
  *check({ services }) {
    const owners = imageOwners(services);
    for (const { dockerfile, bases, name } of [...services.values()].flatMap(({ images }) => images)) {
      for (const { reference, line } of bases) {
        const bare = reference.replace(/:latest$/, "");
        if (owners.has(bare) || /[/:@]/.test(bare)) continue;
        const [near] = nearMisses(
          bare,
          [...owners.keys()].filter((image) => image !== name),
        );
        if (near === undefined) continue;
        yield {
          file: dockerfile,
          line,
          message: `"${reference}" is no image of this tree; did you mean "${near}"?`,
        };
      }
    }
  },
};
