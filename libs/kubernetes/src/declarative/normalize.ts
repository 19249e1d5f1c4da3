import { isRecord } from "@pai/core";
import type { KubernetesObject } from "../objects.ts";
import { normalizeSpec } from "./quantities.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * A manifest as it can be applied on the server's side: without what only the server writes, with the
 * forms that a client-side apply also takes put right.
 */
export function normalizeObject(manifest: KubernetesObject): KubernetesObject {
  const { status: _, ...object } = normalizeSpec(manifest as unknown as Json);
  const metadata = withoutServerFields(object["metadata"] as Json);
  const normal = { ...object, metadata };
  return (manifest.kind === "Secret" ? withEncodedData(normal) : normal) as unknown as KubernetesObject;
}

/** The metadata that people write; no note of `kubectl apply`, which holds all of an object once more. */
export function withoutServerFields(metadata: Json): Json {
  const {
    managedFields: _fields,
    resourceVersion: _version,
    uid: _uid,
    generation: _generation,
    creationTimestamp: _created,
    selfLink: _link,
    ...rest
  } = metadata;
  const { annotations } = rest;
  if (!isRecord(annotations)) return rest;
  const { "kubectl.kubernetes.io/last-applied-configuration": _applied, ...kept } = annotations;
  return { ...rest, annotations: kept };
}

/** A key that is left out of `stringData` later would stay in the Secret for ever. */
function withEncodedData(secret: Json): Json {
  const { stringData, ...rest } = secret;
  if (!isRecord(stringData)) return secret;
  const encoded = Object.entries(stringData).map(
    ([key, value]) => [key, Buffer.from(String(value)).toString("base64")] as const,
  );
  return {
    ...rest,
    data: { ...(isRecord(rest["data"]) ? rest["data"] : {}), ...Object.fromEntries(encoded) },
  };
}
