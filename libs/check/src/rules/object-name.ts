import { isRecord } from "@pai/core";
import { shown } from "../finding.ts";
import type { Rule } from "../rule.ts";

// Roles and their bindings may hold nearly anything; the rest follows DNS.
const freeNames = /^(?:Cluster)?Role(?:Binding)?$/;
const dnsName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

export const objectName: Rule = {
  id: "object-name",
  level: "error",
  about:
    "An object has no name, or one that Kubernetes refuses: lower case letters, digits, - and . are legal.",
  *check({ objects }) {
    for (const { value, locate } of objects) {
      const { kind, metadata } = value;
      const name = isRecord(metadata) ? (metadata["name"] ?? metadata["generateName"]) : undefined;
      if (name === undefined || name === null || name === "") {
        yield { ...locate(["metadata"]), message: `${shown(String(kind))} has no metadata.name` };
      } else if (
        typeof name === "string" &&
        !freeNames.test(String(kind)) &&
        !dnsName.test(name.replace(/-$/, ""))
      ) {
        yield {
          ...locate(["metadata", "name"]),
          message: `"${shown(name)}" is no name that Kubernetes accepts`,
        };
      }
    }
  },
};
