import { isRecord } from "@pai/core";
import type { Rule } from "../rule.ts";

export const duplicateObject: Rule = {
  id: "duplicate-object",
  level: "warning",
  about: "Two templates make the same object (kind, namespace, name): whoever is deployed last wins.",
  *check({ objects }) {
    const first = new Map<string, { readonly file: string; readonly line: number }>();
    for (const { value, locate } of objects) {
      const { kind, metadata, apiVersion } = value;
      if (!isRecord(metadata) || typeof metadata["name"] !== "string") continue;
      const { name, namespace = "default" } = metadata as {
        readonly name: string;
        readonly namespace?: unknown;
      };
      const key = JSON.stringify([apiVersion, kind, namespace, name]);
      const place = locate(["metadata", "name"]);
      const other = first.get(key);
      if (other === undefined) first.set(key, place);
      else
        yield { ...place, message: `${String(kind)} "${name}" is also made by ${other.file}:${other.line}` };
    }
  },
};
