import { expect, test } from "vitest";
import type { KubernetesObject } from "../objects.ts";
import { normalizeObject } from "./normalize.ts";

const normal = (object: object): object => normalizeObject(object as KubernetesObject);
const metadata = { name: "a" };

test("stringData becomes data, so that a key that is dropped later goes", () => {
  const secret = { apiVersion: "v1", kind: "Secret", metadata, data: { a: "eA==" }, stringData: { b: "y" } };
  expect(normal(secret)).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata,
    data: { a: "eA==", b: "eQ==" },
  });
});

test("quantities become texts and ports get their protocol", () => {
  const pod = (resources: object, port: object, sizeLimit: unknown): object => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      template: {
        spec: {
          containers: [{ name: "c", ports: [port], resources }],
          volumes: [{ name: "v", emptyDir: { sizeLimit } }, { name: "w" }],
        },
      },
    },
  });
  expect(normal(pod({ limits: { cpu: 1 }, requests: { cpu: "50m" } }, { containerPort: 1 }, 5))).toEqual(
    pod({ limits: { cpu: "1" }, requests: { cpu: "50m" } }, { containerPort: 1, protocol: "TCP" }, "5"),
  );
  const service = { apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ port: 1 }] } };
  expect(normal(service)).toEqual({ ...service, spec: { ports: [{ port: 1, protocol: "TCP" }] } });
});

test("what only the server writes is left out", () => {
  const live = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: "a",
      uid: "u",
      resourceVersion: "1",
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", own: "1" },
    },
    status: {},
  };
  expect(normal(live)).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", annotations: { own: "1" } },
  });
});
