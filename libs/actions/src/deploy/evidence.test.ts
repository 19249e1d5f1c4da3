import { expect, test } from "vitest";
import { yamlOf } from "./evidence.ts";

test("a Secret keeps its keys and loses its values, also those that kubectl noted down", () => {
  const yaml = yamlOf({
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "login",
      managedFields: [{ manager: "kubectl" }],
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": "c2VjcmV0" },
    },
    data: { password: "c2VjcmV0" },
  });
  expect(yaml).toBe("apiVersion: v1\nkind: Secret\nmetadata:\n  name: login\ndata:\n  password: '***'\n");
});
