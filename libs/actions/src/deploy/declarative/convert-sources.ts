// Where the objects that a script has made come from: the manifests of the deploy folder, and for
// ConfigMaps and Secrets the files whose contents they hold.
import { describeObject, type KubernetesObject } from "@pai/kubernetes";
import type { ConfigSource } from "@pai/model";
import { readManifests } from "@pai/render";
import type { DeployFile } from "../folder.ts";

export interface DeclarativeKeys {
  readonly apply: readonly string[];
  readonly sources: readonly Omit<ConfigSource, "line">[];
  /** Why objects cannot be taken over, a line each. */
  readonly problems: readonly string[];
}

export function findSources(
  files: readonly DeployFile[],
  live: readonly KubernetesObject[],
  defaultNamespace: string,
): DeclarativeKeys {
  const usable = files.filter((file) => !isTemplateSource(file, files) && file.link === undefined);
  const made = new Set(live.map((object) => nameOf(object, defaultNamespace)));
  const applied = new Set<string>();
  const apply = usable.flatMap(({ name, content }) => {
    const names = manifestNames(name, content, defaultNamespace);
    if (!names.some((each) => made.has(each))) return [];
    for (const each of names) applied.add(each);
    return [name];
  });
  const left = live.filter((object) => !applied.has(nameOf(object, defaultNamespace)));
  const found = left.map((object) => findSource(object, usable));
  return {
    apply,
    sources: found.flatMap((each) => (typeof each === "string" ? [] : [each])),
    problems: found.flatMap((each) => (typeof each === "string" ? [each] : [])),
  };
}

function isTemplateSource({ name }: DeployFile, files: readonly DeployFile[]): boolean {
  return files.some(({ template }) => template?.endsWith(`/${name}`));
}

function manifestNames(file: string, content: Buffer, defaultNamespace: string): string[] {
  if (file.includes("delete")) return [];
  try {
    return readManifests(content.toString(), file).map(({ manifest }) =>
      nameOf(manifest as unknown as KubernetesObject, defaultNamespace),
    );
  } catch {
    // What is no YAML was not what made the objects.
    return [];
  }
}

function nameOf({ kind, metadata }: KubernetesObject, namespace: string): string {
  return describeObject({ kind, namespace: metadata.namespace ?? namespace, name: metadata.name });
}

/** The reason when there is none. */
function findSource(
  object: KubernetesObject,
  files: readonly DeployFile[],
): DeclarativeKeys["sources"][number] | string {
  const { kind, metadata } = object;
  const name = describeObject({ kind, ...metadata });
  if (kind !== "ConfigMap" && kind !== "Secret") return `${name} is in no manifest of the deploy folder`;
  const contents = contentsOf(object);
  const entries = [...contents].map(([key, content]) => entryOf(key, content, files));
  const missing = [...contents.keys()].find((_, index) => entries[index] === undefined);
  if (missing !== undefined)
    return `${name} is in no manifest, and its key ${missing} is no file of the deploy folder`;
  const from = entries.flatMap((entry) => entry ?? []);
  const folder = wholeFolder(from, files);
  return {
    kind,
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    ...(kind === "Secret" && object.type !== undefined && object.type !== "Opaque"
      ? { type: object.type }
      : {}),
    from: folder === undefined ? from : [folder],
    literal: {},
  };
}

function contentsOf({ kind, data = {}, binaryData = {} }: KubernetesObject): ReadonlyMap<string, Buffer> {
  const encoding = kind === "Secret" ? "base64" : "utf8";
  return new Map([
    ...Object.entries(data).map(([key, value]) => [key, Buffer.from(value, encoding)] as const),
    ...Object.entries(binaryData).map(([key, value]) => [key, Buffer.from(value, "base64")] as const),
  ]);
}

function entryOf(key: string, content: Buffer, files: readonly DeployFile[]): string | undefined {
  const same = files.filter((file) => file.content.equals(content));
  const named = same.find(({ name }) => name === key || name.endsWith(`/${key}`));
  if (named) return named.name;
  return same[0] && `${key}=${same[0].name}`;
}

/** The folder whose files these are, all of them. */
function wholeFolder(entries: readonly string[], files: readonly DeployFile[]): string | undefined {
  const folder = entries[0]?.includes("/") ? entries[0].slice(0, entries[0].lastIndexOf("/")) : undefined;
  if (folder === undefined || entries.some((entry) => entry.includes("="))) return undefined;
  const inside = files.filter(({ name }) => name.startsWith(`${folder}/`)).map(({ name }) => name);
  return inside.length === entries.length && inside.every((name) => entries.includes(name))
    ? folder
    : undefined;
}
