import { expect, test } from "vitest";
import type { KubernetesObject } from "../objects.ts";
import { diffObjects, isOnlyConfiguration, restartsPods } from "./diff.ts";

const object = (kind: string, rest: object): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "a" },
  ...rest,
});

test("names fields by key where a list has one, and tells both values", () => {
  const deployment = (image: string, env: object[]): KubernetesObject =>
    object("Deployment", { spec: { template: { spec: { containers: [{ name: "main", image, env }] } } } });
  const changes = diffObjects(
    deployment("a:1", [{ name: "A", value: "1" }]),
    deployment("a:2", [{ name: "B", value: "2" }]),
  );
  const main = "spec.template.spec.containers[main]";
  expect(changes).toEqual([
    { path: `${main}.env[A].name`, before: "A" },
    { path: `${main}.env[A].value`, before: "1" },
    { path: `${main}.env[B].name`, after: "B" },
    { path: `${main}.env[B].value`, after: "2" },
    { path: `${main}.image`, before: "a:1", after: "a:2" },
  ]);
  expect(restartsPods({ kind: "Deployment" }, changes)).toBe(true);
  expect(isOnlyConfiguration(changes)).toBe(false);
});

test("secret values are no part of a difference", () => {
  const changes = diffObjects(
    object("Secret", { data: { a: "eA==" } }),
    object("Secret", { data: { a: "eQ==" } }),
  );
  expect(changes).toEqual([{ path: "data.a", isSecret: true }]);
});

test("what only the server writes is no difference", () => {
  const metadata = { name: "a", uid: "u", resourceVersion: "1", generation: 3, managedFields: [] };
  const live = { ...object("ConfigMap", { status: { ready: 1 } }), metadata };
  expect(diffObjects(live, object("ConfigMap", {}))).toEqual([]);
});
