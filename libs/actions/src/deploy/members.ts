import { PaiError } from "@pai/core";
import {
  findAll,
  type ClusterConnection,
  type KubectlLine,
  type KubernetesObject,
  type ObjectRef,
} from "@pai/kubernetes";
import { readManifests } from "@pai/render";
import type { PlannedService } from "./plan.ts";

/** Kinds that services change but that are not theirs. */
const shared = new Set(["Node", "Event"]);

/** The objects of a service's manifests; those of clean-up jobs (`delete` in the name) are none. */
export function manifestRefs({ files }: PlannedService, { objects, pin }: ClusterConnection): ObjectRef[] {
  const refs = files
    .filter(
      ({ name }) => !name.includes("delete") && !files.some((file) => file.template?.endsWith(`/${name}`)),
    )
    .flatMap(({ name, content }) => manifestsIn(name, content.toString()))
    .flatMap(({ apiVersion, kind, metadata }) => {
      const namespace = metadata.namespace ?? pin.namespace ?? "default";
      return objects.resolve({ apiVersion, kind, namespace, name: metadata.name }) ?? [];
    });
  return unique(refs.filter(({ kind }) => !shared.has(kind)));
}

/**
 * What belongs to a service after its script has run: the objects of its manifests that are in the cluster,
 * and those that kubectl said it applied. Read back from the cluster.
 */
export async function findMembers(
  planned: PlannedService,
  connection: ClusterConnection,
  lines: readonly KubectlLine[],
): Promise<KubernetesObject[]> {
  // A script may have defined kinds that were not there before.
  const isUnknown = ({ kind, change }: KubectlLine): boolean =>
    change !== "deleted" && !connection.objects.resolvePrinted(kind);
  if (lines.some(isUnknown)) await connection.objects.discover();
  const fromManifests = manifestRefs(planned, connection);
  const refs = unique([...fromManifests, ...printedRefs(lines, fromManifests, connection)]);
  const found = (await findAll(connection.objects, refs)).flatMap(({ object }) => object ?? []);
  const elsewhere = await findElsewhere(lines, found, connection);
  return [...found, ...elsewhere].filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/** What kubectl printed and nobody has found: a script may have named the namespace, with -n or by its sed. */
async function findElsewhere(
  lines: readonly KubectlLine[],
  found: readonly KubernetesObject[],
  { objects }: ClusterConnection,
): Promise<KubernetesObject[]> {
  const missing = lastLines(lines).flatMap(({ kind: printed, name }) => {
    const type = objects.resolvePrinted(printed);
    const isFound = found.some(({ kind, metadata }) => kind === type?.kind && metadata.name === name);
    return type?.namespaced === true && !shared.has(type.kind) && !isFound ? [{ ...type, name }] : [];
  });
  const lists = await Promise.all(
    missing.map(async ({ apiVersion, kind, name }) => {
      try {
        return await objects.list({ apiVersion, kind, fieldSelector: `metadata.name=${name}` });
      } catch (error) {
        // Who may not look into all namespaces has only what is where it is looked for.
        if (error instanceof PaiError && error.code === "CLUSTER_DENIED") return [];
        throw error;
      }
    }),
  );
  return lists.flatMap((list) =>
    list.toSorted((a, b) => (lastChange(a) < lastChange(b) ? 1 : -1)).slice(0, 1),
  );
}

function lastChange({ metadata }: KubernetesObject): string {
  const times = metadata.managedFields?.flatMap(({ time }) => time ?? []) ?? [];
  return times.toSorted().at(-1) ?? metadata.creationTimestamp ?? "";
}

/** Of what is there still, the last line about each object. */
function lastLines(lines: readonly KubectlLine[]): KubectlLine[] {
  const last = new Map(lines.map((line) => [`${line.kind}/${line.name}`, line]));
  return [...last.values()].filter(({ change }) => change !== "deleted");
}

// kubectl prints no namespace: it is that of the manifests' object of this name, else the context's own,
// else any that the manifests use. What is not there is no member.
function printedRefs(
  lines: readonly KubectlLine[],
  known: readonly ObjectRef[],
  { objects, pin }: ClusterConnection,
): ObjectRef[] {
  const namespaces = new Set([
    pin.namespace ?? "default",
    ...known.flatMap(({ namespace }) => namespace ?? []),
  ]);
  return lastLines(lines).flatMap(({ kind: printed, name }) => {
    const type = objects.resolvePrinted(printed);
    if (!type || shared.has(type.kind)) return [];
    const { apiVersion, kind, namespaced } = type;
    if (known.some((ref) => ref.kind === kind && ref.name === name)) return [];
    return namespaced
      ? [...namespaces].map((namespace) => ({ apiVersion, kind, namespace, name }))
      : [{ apiVersion, kind, name }];
  });
}

function manifestsIn(name: string, text: string): ReturnType<typeof readManifests>[number]["manifest"][] {
  try {
    return readManifests(text, name).map(({ manifest }) => manifest);
  } catch {
    // YAML that is none may be meant for something else; if kubectl reads it, kubectl will say so.
    return [];
  }
}

function unique(refs: readonly ObjectRef[]): ObjectRef[] {
  return [...new Map(refs.map((ref) => [`${ref.kind} ${ref.namespace ?? ""} ${ref.name}`, ref])).values()];
}
