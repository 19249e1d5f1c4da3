import { nearMisses } from "@pai/core";
import { meant } from "@pai/model";
import { imageOwners } from "@pai/plan";
import { podSpecOf } from "../kubernetes/pod-spec.ts";
import type { Rule } from "../rule.ts";

export const unknownImage: Rule = {
  id: "unknown-image",
  level: "error",
  about:
    "A container runs an image of the configuration's registry and namespace that no Dockerfile of this tree makes.",
  *check({ objects, cluster, services }) {
    if (!cluster) return;
    const { prefix } = cluster.registry;
    const owners = imageOwners(services);
    for (const { value, locate } of objects) {
      for (const { image, path } of podSpecOf(value)?.containers ?? []) {
        if (!image.startsWith(prefix)) continue;
        const name = image.slice(prefix.length).split(/[:@]/)[0] ?? "";
        if (owners.has(name)) continue;
        const [near] = nearMisses(name, owners.keys());
        yield {
          ...locate([...path, "image"]),
          message: `no Dockerfile of this tree makes "${name}"${meant(near)}`,
        };
      }
    }
  },
};
