import { isRecord } from "@pai/core";
import { parseManifestYaml } from "@pai/model";

/** A Kubernetes object as written in a manifest; what else it holds is the API server's business. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

export interface PlacedManifest {
  readonly manifest: Manifest;
  /** Line of the file on which the object's document begins. */
  readonly line: number;
}

export function isManifestFile(name: string): boolean {
  return /\.(ya?ml|json)$/.test(name);
}

/**
 * The Kubernetes objects of a file, those inside a `List` among them. Other YAML (the configuration of a
 * program, which services keep beside their manifests) has none. Throws CONFIG_INVALID for broken YAML.
 */
export function readManifests(text: string, file: string): PlacedManifest[] {
  if (!isManifestFile(file)) return [];
  return parseManifestYaml(text, file).flatMap(({ value, line }) =>
    manifestsIn(value).map((manifest) => ({ manifest, line })),
  );
}

function manifestsIn(value: unknown): Manifest[] {
  if (!isRecord(value)) return [];
  if (value["kind"] === "List" && Array.isArray(value["items"])) return value["items"].flatMap(manifestsIn);
  const { apiVersion, kind, metadata } = value;
  const isObject = typeof apiVersion === "string" && typeof kind === "string" && isRecord(metadata);
  return isObject && typeof metadata["name"] === "string" ? [value as unknown as Manifest] : [];
}
