import { findRemovedApi } from "@pai/model";
import { bundledSchema } from "../kubernetes/schema.ts";
import type { Rule } from "../rule.ts";

export const removedApi: Rule = {
  id: "removed-api",
  level: "warning",
  about:
    "An object has an apiVersion that Kubernetes does not serve any more; a deployment writes the one of today into the rendered copy. An error where nothing took its place.",
  *check({ objects, schema = bundledSchema() }) {
    for (const { value, locate } of objects) {
      const { apiVersion, kind } = value;
      if (typeof apiVersion !== "string" || typeof kind !== "string") continue;
      const removed = findRemovedApi(apiVersion, kind);
      if (!removed || Object.hasOwn(schema.kinds, `${apiVersion}/${kind}`)) continue;
      const { replacement } = removed;
      yield {
        ...(replacement === undefined ? { level: "error" } : {}),
        ...locate(["apiVersion"]),
        message: `Kubernetes ${schema.version} has no ${kind} in ${apiVersion}; ${
          replacement === undefined ? "nothing took its place" : `it is in ${replacement} now`
        }`,
      };
    }
  },
};
