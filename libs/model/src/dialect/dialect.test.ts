import { formatLocation, type PaiError } from "@pai/core";
import { expect, test } from "vitest";
import type { Cluster } from "../cluster.ts";
import { makeTree } from "../fixtures.ts";
import { formatModelJson } from "../format-model.ts";
import { readCluster } from "../read-cluster.ts";
import { parseYaml, isModelObject } from "../yaml.ts";
import { convertServices } from "./convert-services.ts";

const machines = `default-machine-properties: {username: ops, password: example-1, sshport: 22}
machine-sku: {SMALL: {mem: 16, cpu: {vcore: 4}, os: ubuntu16.04}}
machine-list:
- {hostname: m1, hostip: 10.20.0.11, machine-type: SMALL, k8s-role: master, etcdid: e1, dashboard: "true", pai-master: "true", zkid: "1"}
- {hostname: w1, hostip: 10.20.0.21, machine-type: SMALL, k8s-role: worker, pai-worker: "true", sshport: 2222, keyfile-path: /k, nodename: node-w1}
`;
const kubernetes = `kubernetes: {cluster-dns: 10.20.0.2, load-balance-ip: 10.20.0.11, service-cluster-ip-range: 10.254.0.0/16, storage-backend: etcd3, docker-registry: registry.example/k8s, hyperkube-version: v1.9.9, etcd-version: 3.2.17, apiserver-version: v1.9.9, kube-scheduler-version: v1.9.9, kube-controller-manager-version: v1.9.9, dashboard-version: v1.8.3, mine: kept}
`;
const services =
  "cluster: {docker-registry: {domain: registry.example, namespace: demo, tag: v1, secret-name: s}}\n";
const tree = {
  "configuration/cluster-configuration.yaml": machines,
  "configuration/kubernetes-configuration.yaml": kubernetes,
  "configuration/services-configuration.yaml": services,
};

const read = (files: Readonly<Record<string, string>>): Promise<Cluster> =>
  readCluster({ root: makeTree({ "src/.keep": "", ...files }), directory: "configuration", env: {} });

async function findings(files: Readonly<Record<string, string>>): Promise<string[]> {
  const error: unknown = await read(files).catch((caught: unknown) => caught);
  const errors = error instanceof AggregateError ? (error.errors as PaiError[]) : [error as PaiError];
  return errors.map(
    ({ message, location }) =>
      `${location ? formatLocation(location).replace("configuration/", "") : ""} ${message}`,
  );
}

test("the older machine file fills in what machines leave out, and names them by address", async () => {
  const { machines: read_, apiServerUrl, model, secrets } = await read(tree);
  expect(read_).toEqual([
    { hostname: "m1", nodeName: "10.20.0.11", address: "10.20.0.11", labels: ["dashboard", "pai-master"] },
    { hostname: "w1", nodeName: "node-w1", address: "10.20.0.21", labels: ["pai-worker"] },
  ]);
  expect(apiServerUrl).toBe("http://10.20.0.11:8080");
  expect([...model.keys()]).toEqual(["cluster", "kubernetes", "machine"]);
  expect(JSON.parse(formatModelJson(model.get("machine") ?? null))).toMatchObject({
    "machine-sku": { SMALL: { mem: 16 } },
    "default-machine-properties": { username: "ops" },
    "machine-list": {
      m1: {
        sshport: 22,
        username: "ops",
        password: "example-1",
        nodename: "10.20.0.11",
        "docker-data": "/var/lib/docker",
      },
      w1: { sshport: 2222, username: "ops", "keyfile-path": "/k", nodename: "node-w1" },
    },
  });
  expect(secrets).toEqual(["example-1"]);
});

test("kubernetes-configuration.yaml gets its defaults and what follows from the machines", async () => {
  const { model } = await read(tree);
  const made = JSON.parse(formatModelJson(model.get("kubernetes") ?? null)) as Record<string, unknown>;
  expect(made).toMatchObject({
    "api-servers-ip": "10.20.0.11",
    "api-servers-port": "8080",
    "api-servers-http-schema": "http",
    "api-servers-url": "http://10.20.0.11:8080",
    "dashboard-host": "10.20.0.11",
    "etcd-data-path": "/var/etcd/data",
    "qos-switch": "true",
    etcd_cluster_ips_peer: "e1=http://10.20.0.11:2380",
    etcd_cluster_ips_server: "http://10.20.0.11:4001",
    "master-list": ["m1"],
    "worker-list": ["w1"],
    mine: "kept",
  });
  expect(made).not.toHaveProperty("proxy-list");
});

test("port and scheme of the API server can be set", async () => {
  const secured = kubernetes.replace("mine: kept", "api-servers-http-schema: https, api-servers-port: 6443");
  const { apiServerUrl } = await read({ ...tree, "configuration/kubernetes-configuration.yaml": secured });
  expect(apiServerUrl).toBe("https://10.20.0.11:6443");
});

test("layout.yaml wins where there are both", async () => {
  const layout = 'machine-list: [{hostname: new, hostip: 10.0.0.1, pai-master: "true"}]\n';
  const { model } = await read({ ...tree, "configuration/layout.yaml": layout });
  expect(model.has("machine")).toBe(false);
  expect(model.has("layout")).toBe(true);
});

test("mistakes of the older files are told by file and line", async () => {
  expect(
    await findings({
      ...tree,
      "configuration/cluster-configuration.yaml": `default-machine-properties:
  username: ops
  password: x
  keyfile-path: y
machine-sku:
  SMALL: {mem: 16, cpu: {vcore: 4}}
machine-list:
- {hostname: m1, hostip: 10.20.0.11, machine-type: BIG, k8s-role: master, pai-master: "true"}
- {hostname: w1, hostip: 10.20.0.11, machine-type: SMALL, k8s-role: worker}
`,
      "configuration/kubernetes-configuration.yaml": kubernetes
        .replace("load-balance-ip: 10.20.0.11, ", "")
        .replace("etcd-version", "etcd-versoin"),
    }),
  ).toEqual([
    "cluster-configuration.yaml:1:1 default-machine-properties.sshport is missing",
    "cluster-configuration.yaml:4:3 default-machine-properties.keyfile-path stands beside password",
    "cluster-configuration.yaml:6:3 machine-sku.SMALL.os is missing",
    "cluster-configuration.yaml:7:1 machine-list has no dashboard host",
    "cluster-configuration.yaml:8:3 machine-list[1].etcdid is missing",
    "cluster-configuration.yaml:8:3 machine-list[1].zkid is missing",
    "cluster-configuration.yaml:8:38 machine-list[1].machine-type is BIG, which machine-sku does not have",
    "cluster-configuration.yaml:9:18 machine-list[2].hostip is 10.20.0.11, as that of the machine in line 8",
    "kubernetes-configuration.yaml:1:1 kubernetes.load-balance-ip is missing",
    "kubernetes-configuration.yaml:1:169 kubernetes.etcd-version is missing",
  ]);
  const [missing] = await findings({ ...tree, "configuration/kubernetes-configuration.yaml": "" });
  expect(missing).toContain("kubernetes-configuration.yaml is empty");
});

function converted(text: string): unknown {
  const { value } = parseYaml(text, "");
  if (!isModelObject(value)) throw new Error("no map");
  const { services: made, moved } = convertServices(value);
  return { ...(JSON.parse(formatModelJson(made)) as object), moved: moved.length };
}

test("a file from before 0.9 moves to the new keys; what has none stays", () => {
  expect(
    converted(`
cluster:
  clusterid: demo
  data-path: /data
  docker-registry-info: {docker-namespace: n, docker-registry-domain: d, docker-tag: t, secret-name: s, docker-username: u, docker-password: p}
hadoop: {custom-hadoop-binary-path: /h, virtualClusters: {vc: {capacity: 40}}}
restserver: {server-port: 9186}
frameworklauncher: {frameworklauncher-port: 9086}
prometheus: {prometheus-port: 9091, node-exporter-port: 9100, yarn_exporter_port: 9459, scrape_interval: 30, alerting: {alert_receiver: a@b, smtp_url: u}}
grafana: {grafana-port: 3000}
mine: {kept: yes}
`),
  ).toEqual({
    cluster: {
      common: { "cluster-id": "demo", "data-path": "/data" },
      "docker-registry": {
        namespace: "n",
        domain: "d",
        tag: "t",
        "secret-name": "s",
        username: "u",
        password: "p",
      },
    },
    hadoop: { "custom-hadoop-binary-path": "/h" },
    "rest-server": { "server-port": 9186 },
    "yarn-frameworklauncher": { "frameworklauncher-port": 9086 },
    prometheus: { scrape_interval: 30, port: 9091 },
    "hadoop-resource-manager": { virtualClusters: { vc: { capacity: 40 } }, yarn_exporter_port: 9459 },
    "node-exporter": { port: 9100 },
    "alert-manager": { receiver: "a@b", smtp_url: "u" },
    grafana: { port: 3000 },
    mine: { kept: true },
    moved: 17,
  });
});

test("a file without keys of that time is left alone, though it has no rest-server", () => {
  expect(converted("cluster: {data-path: /x}\nprometheus: {prometheus-port: 1}\n")).toEqual({
    cluster: { "data-path": "/x" },
    prometheus: { "prometheus-port": 1 },
    moved: 0,
  });
});
