import type { KubernetesObject, ObjectRef, Objects } from "./objects.ts";

const controllers = ["DaemonSet", "Deployment", "StatefulSet"] as const;

/** In all namespaces: the workloads whose pods carry the label, and pods with it that none of these has made. */
export async function findLabelled(
  objects: Pick<Objects, "list">,
  { key, value }: { readonly key: string; readonly value: string },
): Promise<readonly ObjectRef[]> {
  const [pods, ...workloads] = await Promise.all([
    objects.list({ apiVersion: "v1", kind: "Pod", labelSelector: `${key}=${value}` }),
    ...controllers.map((kind) => objects.list({ apiVersion: "apps/v1", kind })),
  ]);
  const made = new Set<string>([...controllers, "ReplicaSet"]);
  const alone = pods.filter(
    ({ metadata }) =>
      metadata.deletionTimestamp === undefined &&
      metadata.ownerReferences?.some(({ kind }) => made.has(kind)) !== true,
  );
  const labelled = workloads.flat().filter((workload) => podLabels(workload)[key] === value);
  return [...labelled, ...alone].map(({ apiVersion, kind, metadata: { name, namespace = "default" } }) => ({
    apiVersion,
    kind,
    namespace,
    name,
  }));
}

function podLabels({ spec }: KubernetesObject): Readonly<Record<string, string>> {
  const { template } = (spec ?? {}) as {
    readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  };
  return template?.metadata?.labels ?? {};
}
