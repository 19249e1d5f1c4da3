import type { KubernetesObject } from "@pai/kubernetes";
import { podSpecPath } from "@pai/model";

/** Images of all containers, each once, in the order of the objects. */
export function imagesOf(objects: readonly KubernetesObject[]): string[] {
  const images = objects.flatMap((object) => {
    const path = podSpecPath(object.kind) ?? [];
    const spec = path.reduce<unknown>(
      (at, key) => (at as Record<string, unknown> | undefined)?.[key],
      object,
    );
    if (path.length === 0 || typeof spec !== "object" || spec === null) return [];
    const { containers = [], initContainers = [] } = spec as {
      readonly containers?: readonly { readonly image?: string }[];
      readonly initContainers?: readonly { readonly image?: string }[];
    };
    return [...initContainers, ...containers].flatMap(({ image }) => image ?? []);
  });
  return [...new Set(images)];
}
