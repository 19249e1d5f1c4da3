import { expect, test } from "vitest";
import type { KubernetesObject } from "../objects.ts";
import { takeOverFromKubectl } from "./take-over.ts";

const entry = (manager: string, operation: string, subresource?: string) => ({
  manager,
  operation,
  ...(subresource === undefined ? {} : { subresource }),
});
const ofService = entry("pai-a", "Apply");
const ofController = entry("kube-controller-manager", "Update", "status");
const deployment = (version: string, more: object[]): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "a",
    namespace: "b",
    uid: "1",
    resourceVersion: version,
    managedFields: [ofService, entry("kubectl-client-side-apply", "Update"), ...more],
  },
});

/** An API server with one object, which refuses whatever does not mean its present version. */
function serve(current: KubernetesObject) {
  const sent: unknown[] = [];
  return {
    sent,
    find: () => Promise.resolve(current),
    patch: (_: unknown, operations: readonly object[]) => {
      sent.push(operations);
      const meant = operations.some(
        (each) => "value" in each && each.value === current.metadata.resourceVersion,
      );
      return meant ? Promise.resolve(current) : Promise.reject(new Error("the object has been modified"));
    },
  };
}

test("kubectl's fields go, also when the object's controller has just written its status", async () => {
  const server = serve(deployment("8", [ofController]));
  await takeOverFromKubectl(server, deployment("7", []));
  expect(server.sent).toHaveLength(2);
  expect(server.sent[1]).toEqual([
    { op: "replace", path: "/metadata/managedFields", value: [ofService, ofController] },
    { op: "replace", path: "/metadata/resourceVersion", value: "8" },
  ]);
});

test("what is refused for another reason is told", async () => {
  const same = deployment("7", []);
  const refusing = { ...serve(same), patch: () => Promise.reject(new Error("denied by policy")) };
  await expect(takeOverFromKubectl(refusing, same)).rejects.toThrow("denied by policy");
});
