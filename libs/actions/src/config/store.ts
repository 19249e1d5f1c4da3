// The configuration as OpenPAI keeps it in the cluster: ConfigMaps of the namespace default.
import { PaiError } from "@pai/core";
import type { KubernetesObject, ObjectRef, Objects } from "@pai/kubernetes";
import type { ConfigurationTexts } from "./files.ts";

export interface PushedConfiguration {
  readonly texts: ConfigurationTexts;
  /** What a write has to name, so that it never undoes one that came in between. */
  readonly version: string;
}

const manager = "pai-configuration";
const namespace = "default";
const configuration = "pai-configuration";
const clusterId = { name: "pai-cluster-id", key: "cluster-id" };
const externalStorage = { name: "pai-external-storage-conf", key: "external-storage-conf" };
/** What the API server takes in all values of a ConfigMap together. */
const maxBytes = 1_048_576;

export async function readPushed(objects: Objects): Promise<PushedConfiguration | undefined> {
  const found = await objects.find(refOf(configuration));
  if (!found) return undefined;
  return {
    texts: new Map(Object.entries(found.data ?? {})),
    version: found.metadata.resourceVersion ?? "",
  };
}

/** Adds the texts to those that are there; never drops one. */
export async function mergePushed(objects: Objects, texts: ConfigurationTexts): Promise<void> {
  const before = await readPushed(objects);
  const merged = new Map([...(before?.texts ?? []), ...texts]);
  const bytes = [...merged.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > maxBytes) {
    throw new PaiError(
      "CONFIG_INVALID",
      `the configuration has ${bytes} bytes, and a ConfigMap holds ${maxBytes}`,
    );
  }
  await applyMap(objects, { name: configuration, data: merged, version: before?.version });
}

export async function readClusterId(objects: Objects): Promise<string | undefined> {
  return (await objects.find(refOf(clusterId.name)))?.data?.[clusterId.key]?.trim();
}

export async function writeClusterId(objects: Objects, id: string): Promise<void> {
  await applyMap(objects, { name: clusterId.name, data: new Map([[clusterId.key, id]]) });
}

export async function readExternalStorage(objects: Objects): Promise<string | undefined> {
  return (await objects.find(refOf(externalStorage.name)))?.data?.[externalStorage.key];
}

export async function writeExternalStorage(objects: Objects, text: string): Promise<void> {
  await applyMap(objects, { name: externalStorage.name, data: new Map([[externalStorage.key, text]]) });
}

async function applyMap(
  objects: Objects,
  map: {
    readonly name: string;
    readonly data: ReadonlyMap<string, string>;
    readonly version?: string | undefined;
  },
): Promise<void> {
  const { apiVersion, kind, name } = refOf(map.name);
  const object: KubernetesObject = {
    apiVersion,
    kind,
    metadata: { name, namespace, ...(map.version === undefined ? {} : { resourceVersion: map.version }) },
    data: Object.fromEntries(map.data),
  };
  // Another tool may have written it before; it is the same data.
  await objects.apply(object, { manager, force: true });
}

function refOf(name: string): ObjectRef {
  return { apiVersion: "v1", kind: "ConfigMap", namespace, name };
}
