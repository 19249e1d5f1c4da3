// A changed ConfigMap alone restarts nothing. A hash of what the pods use, in their template, does.
import { isRecord } from "@pai/core";
import { podSpecPath } from "@pai/model";
import { createHash } from "node:crypto";
import { describeObject, type KubernetesObject } from "../objects.ts";
import { marks } from "./marks.ts";
import { updateAt } from "./quantities.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * The workload with the hash of those objects of `set` that its pods use, in its template. Pods that pai
 * took over as they ran (`live` says so) already have that configuration: the template stays as it is.
 */
export function withConfigurationHash(
  object: KubernetesObject,
  set: readonly KubernetesObject[],
  live: KubernetesObject | undefined,
): KubernetesObject {
  const hash = configurationHash(object, set);
  if (hash === undefined) return object;
  const isAdopted = live?.metadata.annotations?.[marks.adopted] === hash;
  return isAdopted ? withAdoptedHash(object, hash) : annotate(object, templatePath(object.kind), hash);
}

/** Undefined for what runs no pods, and for pods that use nothing of the set. */
export function configurationHash(
  object: KubernetesObject,
  set: readonly KubernetesObject[],
): string | undefined {
  const path = podSpecPath(object.kind);
  if (!path || object.kind === "Pod") return undefined;
  const spec = valueAt(object as unknown as Json, path);
  if (!isRecord(spec)) return undefined;
  const names = usedBy(spec);
  const { namespace } = object.metadata;
  const used = set.filter(
    ({ kind, metadata }) => names.has(`${kind} ${metadata.name}`) && metadata.namespace === namespace,
  );
  if (used.length === 0) return undefined;
  const contents = used
    .map((each) => ({
      ...(each as unknown as Json),
      metadata: undefined,
      name: describeObject({ kind: each.kind, ...each.metadata }),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return createHash("sha256").update(canonicalJson(contents)).digest("hex").slice(0, 32);
}

export function withAdoptedHash(object: KubernetesObject, hash: string): KubernetesObject {
  const { metadata } = object;
  const annotations = { ...metadata.annotations, [marks.adopted]: hash };
  return { ...object, metadata: { ...metadata, annotations } };
}

function annotate(object: KubernetesObject, path: readonly string[], hash: string): KubernetesObject {
  return updateAt(object as unknown as Json, path, (template) => {
    const metadata = isRecord(template["metadata"]) ? template["metadata"] : {};
    const annotations = isRecord(metadata["annotations"]) ? metadata["annotations"] : {};
    return {
      ...template,
      metadata: { ...metadata, annotations: { ...annotations, [marks.configuration]: hash } },
    };
  }) as unknown as KubernetesObject;
}

/** Without the last step, `spec`. */
function templatePath(kind: string): readonly string[] {
  return podSpecPath(kind)?.slice(0, -1) ?? [];
}

// Pull secrets are not among them: the kubelet reads those when it pulls, never a running pod.
function usedBy(podSpec: Json): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (kind: "ConfigMap" | "Secret", name: unknown): void => {
    if (typeof name === "string") names.add(`${kind} ${name}`);
  };
  const volumes = listOf(podSpec["volumes"]);
  const sources = volumes.flatMap(({ projected }) =>
    isRecord(projected) ? listOf(projected["sources"]) : [],
  );
  for (const source of [...volumes, ...sources]) {
    const { configMap, secret } = source;
    if (isRecord(configMap)) add("ConfigMap", configMap["name"]);
    if (isRecord(secret)) add("Secret", secret["secretName"] ?? secret["name"]);
  }
  for (const container of [...listOf(podSpec["containers"]), ...listOf(podSpec["initContainers"])]) {
    const variables = listOf(container["env"]).flatMap(({ valueFrom }) =>
      isRecord(valueFrom) ? [valueFrom] : [],
    );
    for (const { configMapKeyRef, secretKeyRef } of variables) {
      if (isRecord(configMapKeyRef)) add("ConfigMap", configMapKeyRef["name"]);
      if (isRecord(secretKeyRef)) add("Secret", secretKeyRef["name"]);
    }
    for (const { configMapRef, secretRef } of listOf(container["envFrom"])) {
      if (isRecord(configMapRef)) add("ConfigMap", configMapRef["name"]);
      if (isRecord(secretRef)) add("Secret", secretRef["name"]);
    }
  }
  return names;
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);
}

/** The same text for the same value, whatever the order of its keys. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, at: unknown) =>
    isRecord(at) ? Object.fromEntries(Object.entries(at).toSorted(([a], [b]) => (a < b ? -1 : 1))) : at,
  );
}
