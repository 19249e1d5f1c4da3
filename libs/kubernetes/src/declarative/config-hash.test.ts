import { expect, test } from "vitest";
import type { KubernetesObject } from "../objects.ts";
import { configurationHash, withAdoptedHash, withConfigurationHash } from "./config-hash.ts";

const namespace = "n";
const map = (name: string, value: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace },
  data: { key: value },
});
const workload = (podSpec: object): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", namespace },
  spec: { template: { spec: podSpec } },
});

test.each([
  { volumes: [{ configMap: { name: "c" } }] },
  { volumes: [{ projected: { sources: [{ configMap: { name: "c" } }] } }] },
  { containers: [{ envFrom: [{ configMapRef: { name: "c" } }] }] },
  { initContainers: [{ env: [{ valueFrom: { configMapKeyRef: { name: "c", key: "key" } } }] }] },
])("the hash follows a ConfigMap that pods use by %j", (podSpec) => {
  const hash = (value: string): string | undefined =>
    configurationHash(workload(podSpec), [map("c", value), map("other", value)]);
  expect(hash("1")).toMatch(/^[0-9a-f]{32}$/);
  expect(hash("1")).toBe(hash("1"));
  expect(hash("1")).not.toBe(hash("2"));
});

test("pull secrets, other namespaces and what belongs to others have no part in it", () => {
  const object = workload({ imagePullSecrets: [{ name: "s" }], volumes: [{ configMap: { name: "c" } }] });
  const secret: KubernetesObject = { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace } };
  const elsewhere = { ...map("c", "1"), metadata: { name: "c", namespace: "m" } };
  expect(configurationHash(object, [secret, elsewhere])).toBeUndefined();
  expect(withConfigurationHash(object, [secret, elsewhere], undefined)).toBe(object);
});

test("a workload that was taken over keeps its template until the configuration changes", () => {
  const object = workload({ volumes: [{ configMap: { name: "c" } }] });
  const live = withAdoptedHash(object, configurationHash(object, [map("c", "1")]) ?? "");
  expect(withConfigurationHash(object, [map("c", "1")], live)).toEqual(live);
  const changed = withConfigurationHash(object, [map("c", "2")], live);
  expect(changed.metadata.annotations).toBeUndefined();
  expect(JSON.stringify(changed.spec)).toContain("pai.dev/configuration");
});
