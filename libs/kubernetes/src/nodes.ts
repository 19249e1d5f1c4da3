import { nearMisses, PaiError } from "@pai/core";
import type { Cluster, Machine } from "@pai/model";
import type { KubernetesObject, Objects } from "./objects.ts";

const manager = "pai-node-labels";

/** A machine of the layout with its node in the cluster. */
export interface PlannedNode {
  readonly machine: Machine;
  readonly node: KubernetesObject;
  /** Labels to set, and labels set by an earlier run that the layout no longer has. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Finds every machine's node; changes nothing. Throws CONFIG_INVALID, naming each machine without one. */
export async function planNodeLabels(objects: Objects, cluster: Cluster): Promise<PlannedNode[]> {
  const nodes = new Map(
    (await objects.list({ apiVersion: "v1", kind: "Node" })).map((node) => [node.metadata.name, node]),
  );
  const missing = cluster.machines.filter(({ nodeName }) => !nodes.has(nodeName));
  if (missing.length > 0) {
    throw new AggregateError(missing.map((machine) => missingNode(machine, [...nodes.keys()], cluster)));
  }
  return cluster.machines.flatMap((machine) => {
    const node = nodes.get(machine.nodeName);
    return node ? [planNode(machine, node)] : [];
  });
}

function planNode(machine: Machine, node: KubernetesObject): PlannedNode {
  const ours = labelsOf(node);
  const { labels } = machine;
  return {
    machine,
    node,
    added: labels.filter((label) => !ours.has(label) || node.metadata.labels?.[label] !== "true"),
    removed: [...ours].filter((label) => !labels.includes(label)),
  };
}

/** Returns the nodes whose labels had to be changed. */
export async function labelNodes(objects: Objects, planned: readonly PlannedNode[]): Promise<PlannedNode[]> {
  const changed = planned.filter(({ added, removed }) => added.length + removed.length > 0);
  for (const { machine, node } of changed) {
    const { name, uid = "" } = node.metadata;
    const labels = Object.fromEntries(machine.labels.map((label) => [label, "true"]));
    // Without the uid, applying to a name that is no node would create one.
    await objects.apply(
      { apiVersion: "v1", kind: "Node", metadata: { name, uid, labels } },
      { manager, force: false },
    );
  }
  return changed;
}

function labelsOf({ metadata }: KubernetesObject): ReadonlySet<string> {
  const entry = metadata.managedFields?.find((fields) => fields.manager === manager);
  const { "f:metadata": owned } = (entry?.fieldsV1 ?? {}) as {
    readonly "f:metadata"?: { readonly "f:labels"?: Readonly<Record<string, unknown>> };
  };
  return new Set(
    Object.keys(owned?.["f:labels"] ?? {}).flatMap((key) => (key.startsWith("f:") ? [key.slice(2)] : [])),
  );
}

function missingNode(machine: Machine, nodes: readonly string[], { directory }: Cluster): PaiError {
  const near = nearMisses(machine.nodeName, nodes);
  return new PaiError(
    "CONFIG_INVALID",
    `machine ${machine.hostname}: the cluster has no node "${machine.nodeName}"`,
    {
      location: { file: `${directory}/layout.yaml` },
      hint:
        near[0] === undefined ? `its nodes are ${nodes.join(", ") || "none"}` : `did you mean "${near[0]}"?`,
    },
  );
}
