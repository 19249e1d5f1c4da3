// layout.yaml from the nodes that a cluster has.
import type { KubernetesObject } from "@pai/kubernetes";
import { formatModelYaml, type ModelObject, type ModelValue } from "@pai/model";
import { withCluster, type ClusterSelection } from "../deploy/run.ts";

/** The text of a layout.yaml for the chosen cluster. */
export function layoutOfCluster(options: ClusterSelection): Promise<string> {
  return withCluster(options, { apiServerUrl: undefined }, async ({ objects, server }) => {
    const nodes = await objects.list({ apiVersion: "v1", kind: "Node" });
    return formatLayout(nodes, server);
  });
}

const devices = ["nvidia.com/gpu", "amd.com/gpu", "rdma/hca"];
const controlPlane = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

export function formatLayout(nodes: readonly KubernetesObject[], server: string): string {
  const sorted = nodes.toSorted((a, b) => rank(a) - rank(b) || (a.metadata.name < b.metadata.name ? -1 : 1));
  const skus = new Map<string, { readonly name: string; readonly value: ModelObject }>();
  const skuOf = (node: KubernetesObject): string => {
    const value = capacityOf(node);
    const key = JSON.stringify([...value.values()].map((each) => (each instanceof Map ? [...each] : each)));
    const sku = skus.get(key) ?? { name: `SKU${skus.size + 1}`, value };
    skus.set(key, sku);
    return sku.name;
  };
  const roles = rolesOf(sorted);
  const machines = sorted.map((node) => machineOf(node, skuOf(node), roles));
  const master = machines.find((machine) => machine.get("pai-master") === "true")?.get("hostip") ?? "";
  const layout: ModelObject = new Map<string, ModelValue>([
    [
      "kubernetes",
      new Map([
        ["api-servers-url", server],
        ["dashboard-url", `https://${String(master as string)}:9090`],
      ]),
    ],
    ["machine-sku", new Map([...skus.values()].map(({ name, value }) => [name, value]))],
    ["machine-list", machines],
  ]);
  return `# Made from the nodes of ${server}. The labels pai-master and pai-worker decide which services run where.\n${formatModelYaml(layout)}`;
}

interface Roles {
  readonly masters: ReadonlySet<string>;
  readonly workers: ReadonlySet<string>;
}

/** As the nodes are labelled; in a cluster without labels, one master, and the others are workers. */
function rolesOf(nodes: readonly KubernetesObject[]): Roles {
  const labelled = (label: string): string[] =>
    nodes.filter(({ metadata }) => metadata.labels?.[label] === "true").map(({ metadata }) => metadata.name);
  const [first, ...others] = nodes.map(({ metadata }) => metadata.name);
  const masters = labelled("pai-master");
  const workers = labelled("pai-worker");
  return {
    masters: new Set(masters.length > 0 || first === undefined ? masters : [first]),
    workers: new Set(
      workers.length > 0 ? workers : others.length > 0 || first === undefined ? others : [first],
    ),
  };
}

function machineOf(node: KubernetesObject, sku: string, { masters, workers }: Roles): ModelObject {
  const { name, labels = {} } = node.metadata;
  const { addresses = [] } = node.status as {
    readonly addresses?: readonly { type: string; address: string }[];
  };
  return new Map([
    ["hostname", labels["kubernetes.io/hostname"] ?? name],
    ["nodename", name],
    ["hostip", addresses.find(({ type }) => type === "InternalIP")?.address ?? ""],
    ["machine-type", sku],
    ["k8s-role", rank(node) === 0 ? "master" : "worker"],
    ...(masters.has(name) ? ([["pai-master", "true"]] as const) : []),
    ...(workers.has(name) ? ([["pai-worker", "true"]] as const) : []),
    ...(labels["pai-storage"] === "true" ? ([["pai-storage", "true"]] as const) : []),
  ]);
}

function rank({ metadata: { labels = {} } }: KubernetesObject): number {
  return controlPlane.some((label) => label in labels) ? 0 : 1;
}

function capacityOf({ status }: KubernetesObject): ModelObject {
  const { capacity = {} } = status as { readonly capacity?: Readonly<Record<string, string>> };
  const device = devices.find((name) => Number(capacity[name] ?? 0) > 0);
  return new Map<string, ModelValue>([
    ["mem", gibibytes(capacity["memory"] ?? "0")],
    ["cpu", new Map([["vcore", Number(capacity["cpu"] ?? 0)]])],
    ...(device === undefined
      ? []
      : ([
          [
            "computing-device",
            new Map<string, ModelValue>([
              ["type", device],
              ["count", Number(capacity[device])],
            ]),
          ],
        ] as const)),
  ]);
}

/** Nodes of one kind differ by some pages of memory. */
function gibibytes(quantity: string): string {
  const { value = "0", unit = "" } = /^(?<value>\d+)(?<unit>Ki|Mi|Gi)?$/.exec(quantity)?.groups ?? {};
  const bytes = Number(value) * ({ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 }[unit] ?? 1);
  return `${Math.max(1, Math.round(bytes / 2 ** 30))}Gi`;
}
