import { findRemovedApi } from "../kubernetes/removed-apis.ts";
import { kubernetesSchema } from "../kubernetes/schema.ts";
import type { Rule } from "../rule.ts";

export const removedApi: Rule = {
  id: "removed-api",
  level: "error",
  about: "An object has an apiVersion that Kubernetes does not serve any more.",
  *check({ objects }) {
    for (const { value, locate } of objects) {
      const { apiVersion, kind } = value;
      if (typeof apiVersion !== "string" || typeof kind !== "string") continue;
      const removed = findRemovedApi(apiVersion, kind);
      if (!removed) continue;
      const { version } = kubernetesSchema();
      const now =
        removed.replacement === undefined ? "nothing took its place" : `it is in ${removed.replacement} now`;
      yield {
        ...locate(["apiVersion"]),
        message: `Kubernetes ${version} has no ${kind} in ${apiVersion}; ${now}`,
      };
    }
  },
};
