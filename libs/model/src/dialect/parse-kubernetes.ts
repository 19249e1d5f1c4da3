import type { ModelObject, ModelValue } from "../cluster.ts";
import { needed, neededSection, neededText, type Section } from "../section.ts";

const neededKeys = [
  "cluster-dns",
  "service-cluster-ip-range",
  "storage-backend",
  "docker-registry",
  "hyperkube-version",
  "etcd-version",
  "apiserver-version",
  "kube-scheduler-version",
  "kube-controller-manager-version",
  "dashboard-version",
];

const roles = ["master", "worker", "proxy"];

/** What templates of OpenPAI up to 0.9 see as `cluster_cfg['kubernetes']`. */
export function parseKubernetes(
  file: Section,
  hosts: readonly Section[],
  dashboard: Section | undefined,
): { readonly apiServerUrl: string; readonly model: ModelObject } | undefined {
  const section = neededSection(file, "kubernetes");
  if (!section) return undefined;
  for (const key of neededKeys) needed(section, key);
  const address = neededText(section, "load-balance-ip") ?? "";
  const text = (key: string, fallback: string): string => scalarText(section.value.get(key)) ?? fallback;
  const port = text("api-servers-port", "8080");
  const schema = text("api-servers-http-schema", "http");
  const apiServerUrl = `${schema}://${address}:${port}`;
  const masters = withRole(hosts, "master");
  const model = new Map<string, ModelValue>([
    ...section.value,
    ["api-servers-ip", address],
    ["api-servers-port", section.value.get("api-servers-port") ?? port],
    ["api-servers-http-schema", schema],
    ["api-servers-url", apiServerUrl],
    ["dashboard-host", dashboard?.value.get("hostip") ?? null],
    ["etcd-data-path", section.value.get("etcd-data-path") ?? "/var/etcd/data"],
    ["qos-switch", section.value.get("qos-switch") ?? "true"],
    [
      "etcd_cluster_ips_peer",
      masters.map((host) => `${at(host, "etcdid")}=http://${at(host, "hostip")}:2380`).join(","),
    ],
    ["etcd_cluster_ips_server", masters.map((host) => `http://${at(host, "hostip")}:4001`).join(",")],
    ["etcd-initial-cluster-state", "new"],
    ...roles.flatMap((role): [string, ModelValue][] => {
      const names = withRole(hosts, role).map((host) => host.get("hostname") ?? null);
      return names.length > 0 ? [[`${role}-list`, names]] : [];
    }),
  ]);
  return { apiServerUrl, model };
}

function withRole(hosts: readonly Section[], role: string): ModelObject[] {
  return hosts.map(({ value }) => value).filter((host) => host.get("k8s-role") === role);
}

function at(host: ModelObject, key: string): string {
  return scalarText(host.get(key)) ?? "";
}

function scalarText(value: ModelValue | undefined): string | undefined {
  if (value === undefined || value === null || (typeof value === "object" && !("value" in value)))
    return undefined;
  return String(value as string);
}
