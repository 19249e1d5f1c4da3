import { nearMisses } from "@pai/core";
import { isModelObject, type ModelValue, type YamlDocument, type YamlPath } from "@pai/model";
import type { CheckContext } from "./rule.ts";

/** `cluster_cfg['hbase']['prot'] is not set; near: port (src/hbase/config/hbase.yaml:3)`. */
export function missingSetting(context: CheckContext, path: readonly string[]): string {
  const name = `cluster_cfg${path.map((key) => `['${key}']`).join("")} is not set`;
  const key = path.at(-1) ?? "";
  const [place] = placesOf(context, path)
    .map(({ document, at }) => {
      const parent = valueAt(document.value, at.slice(0, -1));
      const [near] = isModelObject(parent) ? nearMisses(key, parent.keys()) : [];
      return { document, at, near, depth: depthOf(document.value, at) };
    })
    .toSorted((a, b) => Number(b.near !== undefined) - Number(a.near !== undefined) || b.depth - a.depth);
  if (!place) return `${name}${serviceHint(context, path)}`;
  const { document, at, near } = place;
  const { line = 1 } = document.locate(near === undefined ? at : [...at.slice(0, -1), near]);
  return near === undefined
    ? `${name}; it would belong to ${document.file}:${line}`
    : `${name}; near: ${near} (${document.file}:${line})`;
}

/** Whether the file that would hold the setting cannot be read, which is told of the file itself. */
export function isUnread({ refusals }: CheckContext, [service = ""]: readonly string[]): boolean {
  return refusals.some(({ file }) => file.startsWith(`src/${service}/config/`));
}

interface Place {
  readonly document: YamlDocument;
  /** Of the missing key in the document. */
  readonly at: YamlPath;
}

/** The files that may hold the setting. */
function placesOf({ documents, configuration }: CheckContext, path: readonly string[]): Place[] {
  const [section = "", ...rest] = path;
  const { modelFile } = configuration;
  const place = (file: string, at: YamlPath): Place[] => {
    const document = documents.get(file);
    return document ? [{ document, at }] : [];
  };
  if (modelFile !== undefined) return place(configuration.shown(modelFile), path);
  if (section === "layout") return place(configuration.shown("layout.yaml"), rest);
  if (section === "machine") return place(configuration.shown("cluster-configuration.yaml"), rest);
  if (section === "kubernetes") return place(configuration.shown("kubernetes-configuration.yaml"), path);
  return [
    ...place(`src/${section}/config/${section}.yaml`, rest),
    ...place(`src/${section}/config/${section.replaceAll("-", "_")}.yaml`, rest),
    ...place(configuration.shown("services-configuration.yaml"), path),
  ];
}

function serviceHint({ cluster }: CheckContext, path: readonly string[]): string {
  const [near] = path.length === 1 ? nearMisses(path[0] ?? "", cluster?.model.keys() ?? []) : [];
  return near === undefined ? "" : `; did you mean "${near}"?`;
}

function valueAt(value: ModelValue, path: YamlPath): ModelValue | undefined {
  let at: ModelValue | undefined = value;
  for (const key of path) at = isModelObject(at) ? at.get(String(key)) : undefined;
  return at;
}

/** How many keys of the path are there. */
function depthOf(value: ModelValue, path: YamlPath): number {
  let depth = 0;
  while (depth < path.length && valueAt(value, path.slice(0, depth + 1)) !== undefined) depth += 1;
  return depth;
}
