import { parseYaml } from "@pai/model";
import { expect, test } from "vitest";
import { formatLayout } from "./layout.ts";

const node = (name: string, address: string, labels: Record<string, string>, capacity = {}) => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
  status: {
    addresses: [
      { type: "Hostname", address: name },
      { type: "InternalIP", address },
    ],
    capacity: { cpu: "4", memory: "16384256Ki", ...capacity },
  },
});
const control = { "node-role.kubernetes.io/control-plane": "" };
const layoutOf = (nodes: Parameters<typeof formatLayout>[0]): unknown =>
  plain(parseYaml(formatLayout(nodes, "https://10.0.0.9:6443"), "layout.yaml").value);
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  return value;
};

test("nodes without labels: the control plane is the master, the others are workers", () => {
  const nodes = [node("w1", "10.0.0.2", {}, { "nvidia.com/gpu": "4" }), node("m1", "10.0.0.1", control)];
  expect(layoutOf(nodes)).toEqual({
    kubernetes: { "api-servers-url": "https://10.0.0.9:6443", "dashboard-url": "https://10.0.0.1:9090" },
    "machine-sku": {
      SKU1: { mem: "16Gi", cpu: { vcore: 4 } },
      SKU2: { mem: "16Gi", cpu: { vcore: 4 }, "computing-device": { type: "nvidia.com/gpu", count: 4 } },
    },
    "machine-list": [
      {
        hostname: "m1",
        nodename: "m1",
        hostip: "10.0.0.1",
        "machine-type": "SKU1",
        "k8s-role": "master",
        "pai-master": "true",
      },
      {
        hostname: "w1",
        nodename: "w1",
        hostip: "10.0.0.2",
        "machine-type": "SKU2",
        "k8s-role": "worker",
        "pai-worker": "true",
      },
    ],
  });
});

test("labels that are there decide", () => {
  const labels = { "pai-master": "true", "pai-worker": "true" };
  expect(layoutOf([node("m1", "10.0.0.1", control), node("w1", "10.0.0.2", labels)])).toMatchObject({
    "machine-list": [
      { hostname: "m1", "k8s-role": "master" },
      { hostname: "w1", "pai-master": "true", "pai-worker": "true" },
    ],
  });
});
