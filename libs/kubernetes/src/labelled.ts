import type { KubernetesObject, ObjectRef, Objects } from "./objects.ts";

const controllers = ["DaemonSet", "Deployment", "StatefulSet"] as const;

/** In a namespace, or in all: the workloads whose pods carry the label, and pods with it that none of these has made. */
export async function findLabelled(
  objects: Pick<Objects, "list">,
  label: { readonly key: string; readonly value: string; readonly namespace?: string },
): Promise<readonly ObjectRef[]> {
  const { key, value, namespace } = label;
  const where = namespace === undefined ? {} : { namespace };
  const [pods, ...workloads] = await Promise.all([
    objects.list({ ...where, apiVersion: "v1", kind: "Pod", labelSelector: `${key}=${value}` }),
    ...controllers.map((kind) => objects.list({ ...where, apiVersion: "apps/v1", kind })),
  ]);
  const made = new Set<string>([...controllers, "ReplicaSet"]);
  const alone = pods.filter(
    ({ metadata }) =>
      metadata.deletionTimestamp === undefined &&
      metadata.ownerReferences?.some(({ kind }) => made.has(kind)) !== true,
  );
  const labelled = workloads.flat().filter((workload) => podLabels(workload)[key] === value);
  return [...labelled, ...alone].map(
    ({ apiVersion, kind, metadata: { name, namespace: own = "default" } }) => ({
      apiVersion,
      kind,
      namespace: own,
      name,
    }),
  );
}

function podLabels({ spec }: KubernetesObject): Readonly<Record<string, string>> {
  const { template } = (spec ?? {}) as {
    readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  };
  return template?.metadata?.labels ?? {};
}
