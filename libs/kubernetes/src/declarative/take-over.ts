// Fields that a script's `kubectl apply` has set belong to kubectl. Taken over, they are the service's alone:
// a later change is no conflict, and what the manifests drop is dropped in the cluster.
import type { KubernetesObject, Objects } from "../objects.ts";
import { diffObjects } from "./diff.ts";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const kubectlManagers = new Set([
  "kubectl-client-side-apply",
  "kubectl-create",
  "kubectl-replace",
  "before-first-apply",
]);

/** The object has to be applied by its new manager first, or its fields would be nobody's. */
export async function takeOverFromKubectl(objects: Objects, live: KubernetesObject): Promise<void> {
  const { apiVersion, kind, metadata } = live;
  const { name, namespace, managedFields = [], resourceVersion, annotations } = metadata;
  const kept = managedFields.filter(
    ({ manager = "", operation, subresource }) =>
      !(kubectlManagers.has(manager) && operation === "Update" && subresource === undefined),
  );
  const hasAnnotation = annotations?.[lastApplied] !== undefined;
  if (kept.length === managedFields.length && !hasAnnotation) return;
  const annotation = `/metadata/annotations/${lastApplied.replace("/", "~1")}`;
  await objects.patch({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }, [
    { op: "replace", path: "/metadata/managedFields", value: kept },
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
    ...(hasAnnotation ? [{ op: "remove", path: annotation }] : []),
  ]);
}

/** Fields that kubectl has applied and the manifest does not have: they stay, as nobody's. */
export function fieldsOnlyOfKubectl(live: KubernetesObject, wanted: KubernetesObject): string[] {
  const text = live.metadata.annotations?.[lastApplied];
  if (text === undefined) return [];
  const applied = JSON.parse(text) as KubernetesObject;
  return diffObjects(applied, wanted)
    .filter(({ after, isSecret }) => after === undefined && !isSecret)
    .map(({ path }) => path);
}
