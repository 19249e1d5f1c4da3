// Which images a cluster needs: those that it runs, those that it would run again, and those that a service
// can be brought back to.
import { podSpecPath } from "@pai/model";
import { listRevisionImages } from "./declarative/history.ts";
import type { KubernetesObject, Objects } from "./objects.ts";

const running = [
  ["v1", "Pod"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "DaemonSet"],
  ["apps/v1", "StatefulSet"],
  ["batch/v1", "Job"],
  ["batch/v1", "CronJob"],
] as const;
// Those of earlier rollouts are what `kubectl rollout undo` goes back to.
const earlier = [["apps/v1", "ReplicaSet"]] as const;

interface PodSpec {
  readonly containers?: readonly { readonly image?: string }[];
  readonly initContainers?: readonly { readonly image?: string }[];
  readonly ephemeralContainers?: readonly { readonly image?: string }[];
}

interface PodStatus {
  readonly containerStatuses?: readonly { readonly imageID?: string }[];
  readonly initContainerStatuses?: readonly { readonly imageID?: string }[];
}

/** References as the objects have them, and what nodes resolved them to: `name@sha256:…` or an image id. */
export async function findUsedImages(objects: Objects): Promise<ReadonlySet<string>> {
  const lists = await Promise.all([
    listImages(objects, [...running, ...earlier]),
    listRevisionImages(objects),
  ]);
  return new Set(lists.flat());
}

/** The same of what runs now, or will when it is due. */
export async function findDeployedImages(objects: Objects): Promise<ReadonlySet<string>> {
  return new Set(await listImages(objects, running));
}

async function listImages(
  objects: Objects,
  kinds: readonly (readonly [apiVersion: string, kind: string])[],
): Promise<string[]> {
  const lists = kinds.map(async ([apiVersion, kind]) =>
    (await objects.list({ apiVersion, kind })).flatMap((object) => imagesOf(kind, object)),
  );
  return (await Promise.all(lists)).flat();
}

function imagesOf(kind: string, object: KubernetesObject): string[] {
  const spec = (podSpecPath(kind) ?? []).reduce<unknown>(
    (value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key],
    object,
  ) as PodSpec | undefined;
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec ?? {};
  const named = [...containers, ...initContainers, ...ephemeralContainers].map(({ image }) => image);
  if (kind !== "Pod") return named.flatMap((image) => image ?? []);
  const { containerStatuses = [], initContainerStatuses = [] } = (object.status ?? {}) as PodStatus;
  const resolved = [...containerStatuses, ...initContainerStatuses].map(({ imageID }) => imageID);
  return [...named, ...resolved].flatMap((image) => image ?? []);
}
