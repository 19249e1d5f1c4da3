import { isRecord } from "@pai/core";
import { podSpecPath, type YamlPath } from "@pai/model";

export interface PodSpec {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly path: YamlPath;
  readonly containers: readonly { readonly image: string; readonly path: YamlPath }[];
}

/** Undefined for objects that run no pods. */
export function podSpecOf(object: Readonly<Record<string, unknown>>): PodSpec | undefined {
  const path = podSpecPath(String(object["kind"]));
  const spec = path?.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), object);
  if (!path || !isRecord(spec)) return undefined;
  const containers = ["initContainers", "containers"].flatMap((key) => {
    const list: unknown = spec[key];
    return (Array.isArray(list) ? list : []).flatMap((container: unknown, index) =>
      isRecord(container) && typeof container["image"] === "string"
        ? [{ image: container["image"], path: [...path, key, index] }]
        : [],
    );
  });
  return { spec, path, containers };
}
