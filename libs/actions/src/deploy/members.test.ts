import type { ClusterConnection, KubernetesObject, ObjectRef } from "@pai/kubernetes";
import { expect, test } from "vitest";
import { findMembers, manifestRefs } from "./members.ts";
import type { PlannedService } from "./plan.ts";

const types = [
  { apiVersion: "v1", kind: "ConfigMap", plural: "configmaps", namespaced: true, printed: "configmap" },
  {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    plural: "daemonsets",
    namespaced: true,
    printed: "daemonset.apps",
  },
  { apiVersion: "v1", kind: "Node", plural: "nodes", namespaced: false, printed: "node" },
];

/** A cluster that knows three kinds and has these objects, as `Kind namespace/name`. */
function clusterWith(...existing: readonly string[]): ClusterConnection {
  const key = ({ kind, namespace = "-", name }: ObjectRef): string => `${kind} ${namespace}/${name}`;
  let isDiscovered = false;
  const objects = {
    discover: () => {
      isDiscovered = true;
      return Promise.resolve();
    },
    resolve: (ref: ObjectRef) => {
      const type = types.find(({ apiVersion, kind }) => apiVersion === ref.apiVersion && kind === ref.kind);
      return type && ref;
    },
    resolvePrinted: (name: string) =>
      types.find(({ printed }) => printed === name) ??
      (isDiscovered && name === "zoo.example.com"
        ? { apiVersion: "example.com/v1", kind: "Zoo", plural: "zoos", namespaced: true }
        : undefined),
    find: (ref: ObjectRef): Promise<KubernetesObject | undefined> => {
      const { apiVersion, kind, ...metadata } = ref;
      return Promise.resolve(existing.includes(key(ref)) ? { apiVersion, kind, metadata } : undefined);
    },
  };
  // Objects of the same name were changed in the order in which they stand here.
  const list = ({ apiVersion, kind, namespace: wanted, fieldSelector }: Record<string, string>) =>
    Promise.resolve(
      existing.flatMap((each, index) => {
        const [ownKind, place = ""] = each.split(" ");
        const [namespace, name = ""] = place.split("/");
        const isFound = fieldSelector === undefined || fieldSelector === `metadata.name=${name}`;
        if (ownKind !== kind || namespace !== (wanted ?? namespace) || !isFound) return [];
        return [
          { apiVersion, kind, metadata: { name, namespace, creationTimestamp: `2026-01-0${index + 1}` } },
        ];
      }),
    );
  return {
    objects: { ...objects, list, listMetadata: list },
    pin: { files: [], cluster: "c", user: "u" },
  } as unknown as ClusterConnection;
}

function planned(files: Readonly<Record<string, string>>): PlannedService {
  return {
    name: "a",
    files: Object.entries(files).map(([name, text]) => ({ name, content: Buffer.from(text), mode: 0o644 })),
  } as unknown as PlannedService;
}

const service = planned({
  "a.yaml": "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a, namespace: tools}\n",
  "delete.yaml": "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a-delete}\n",
  "program.yaml": "setting: 1\n",
  "broken.yaml": "x: [",
  "start.sh": "kind: ConfigMap",
});

test("the objects of manifests; those of clean-up jobs and other YAML are none", () => {
  expect(manifestRefs(service, clusterWith())).toEqual([
    { apiVersion: "apps/v1", kind: "DaemonSet", namespace: "tools", name: "a" },
  ]);
});

test("what kubectl named is looked for where it can be; what is not there or was deleted is no member", async () => {
  const cluster = clusterWith(
    "DaemonSet tools/a",
    "ConfigMap default/settings",
    "ConfigMap default/old",
    "Node -/m1",
    "ConfigMap one/by-sed",
    "ConfigMap two/by-sed",
  );
  const members = await findMembers(service, cluster, [
    { kind: "configmap", name: "settings", change: "created" },
    { kind: "configmap", name: "old", change: "configured" },
    { kind: "configmap", name: "old", change: "deleted" },
    { kind: "configmap", name: "elsewhere", change: "created" },
    { kind: "configmap", name: "by-sed", change: "configured" },
    { kind: "node", name: "m1", change: "configured" },
    { kind: "daemonset.apps", name: "a", change: "unchanged" },
    { kind: "widget.example.com", name: "w", change: "created" },
  ]);
  expect(members.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
    "DaemonSet tools/a",
    "ConfigMap default/settings",
    "ConfigMap two/by-sed",
  ]);
});

test("an object of a kind that the script has defined itself is a member", async () => {
  const lines = [{ kind: "zoo.example.com", name: "z", change: "created" } as const];
  const members = await findMembers(planned({}), clusterWith("Zoo default/z"), lines);
  expect(members.map(({ kind }) => kind)).toEqual(["Zoo"]);
});
