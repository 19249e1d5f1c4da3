// Fields that a script's `kubectl apply` has set belong to kubectl. Taken over, they are the service's alone:
// a later change is no conflict, and what the manifests drop is dropped in the cluster.
import { refOf, type KubernetesObject, type Objects } from "../objects.ts";
import { diffObjects } from "./diff.ts";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const kubectlManagers = new Set([
  "kubectl-client-side-apply",
  "kubectl-create",
  "kubectl-replace",
  "before-first-apply",
]);

const tries = 5;

/** The object has to be applied by its new manager first, or its fields would be nobody's. */
export async function takeOverFromKubectl(
  objects: Pick<Objects, "find" | "patch">,
  live: KubernetesObject,
): Promise<void> {
  let current = live;
  for (let left = tries; ; left--) {
    const operations = handOver(current);
    if (operations.length === 0) return;
    try {
      await objects.patch(refOf(live), operations);
      return;
    } catch (error) {
      // Its controller writes its status at any moment.
      const now = await objects.find(refOf(live));
      const { uid, resourceVersion } = current.metadata;
      const isChanged = now?.metadata.uid === uid && now?.metadata.resourceVersion !== resourceVersion;
      if (!now || !isChanged || left === 1) throw error;
      current = now;
    }
  }
}

function handOver({ metadata }: KubernetesObject): object[] {
  const { managedFields = [], resourceVersion, annotations } = metadata;
  const kept = managedFields.filter(
    ({ manager = "", operation, subresource }) =>
      !(kubectlManagers.has(manager) && operation === "Update" && subresource === undefined),
  );
  const hasAnnotation = annotations?.[lastApplied] !== undefined;
  if (kept.length === managedFields.length && !hasAnnotation) return [];
  const annotation = `/metadata/annotations/${lastApplied.replace("/", "~1")}`;
  return [
    { op: "replace", path: "/metadata/managedFields", value: kept },
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
    ...(hasAnnotation ? [{ op: "remove", path: annotation }] : []),
  ];
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
