import { isRecord } from "@pai/core";
import type { CheckContext } from "../rule.ts";

/** `group/Kind` of the custom resources that the tree itself defines: the cluster may have older ones, or none. */
export function ownKinds({ objects }: Pick<CheckContext, "objects">): ReadonlySet<string> {
  return new Set(
    objects.flatMap(({ value }) => {
      const { kind, spec } = value;
      if (kind !== "CustomResourceDefinition" || !isRecord(spec) || !isRecord(spec["names"])) return [];
      return [`${String(spec["group"])}/${String(spec["names"]["kind"])}`];
    }),
  );
}

export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}
