import type { KubernetesObject } from "@pai/kubernetes";
import { podSpecPath, type RegistryConfiguration } from "@pai/model";

type Json = Readonly<Record<string, unknown>>;

/**
 * A workload that runs an image of the own registry and says nothing of pull secrets gets the configured
 * one, where the registry asks for a login.
 */
export function withPullSecret(
  object: KubernetesObject,
  { prefix, credentials, secretName }: RegistryConfiguration,
): KubernetesObject {
  const path = podSpecPath(object.kind);
  if (!credentials || !path) return object;
  return updateAt(object as unknown as Json, path, (spec) => {
    const images = [spec["containers"], spec["initContainers"]]
      .flatMap((list) => (Array.isArray(list) ? (list as Json[]) : []))
      .map(({ image }) => String(image));
    const needsLogin = images.some((image) => image.startsWith(prefix));
    return needsLogin && !("imagePullSecrets" in spec)
      ? { ...spec, imagePullSecrets: [{ name: secretName }] }
      : spec;
  }) as unknown as KubernetesObject;
}

function updateAt(record: Json, path: readonly string[], change: (at: Json) => Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return change(record);
  const child = record[key];
  return typeof child === "object" && child !== null
    ? { ...record, [key]: updateAt(child as Json, rest, change) }
    : record;
}
