import { isRecord, PaiError } from "@pai/core";
import { locateInManifest, parseManifestYaml, type ManifestDocument, type YamlPath } from "@pai/model";
import type { Level } from "../finding.ts";
import type { RenderedTemplate } from "../rendered-template.ts";
import { templateLineOf } from "./template-line.ts";

/** One Kubernetes object of a rendered manifest. */
export interface KubernetesObject {
  readonly template: RenderedTemplate;
  readonly value: Readonly<Record<string, unknown>>;
  /** Where a field of it stands in its template, as near as a template tells. */
  readonly locate: (path: YamlPath) => { readonly file: string; readonly line: number };
}

export interface Manifests {
  readonly objects: readonly KubernetesObject[];
  /** Why the text is no YAML; a warning where the script's `sed` may yet make it one. */
  readonly failure?: { readonly level: Level; readonly line: number; readonly message: string };
}

/** `%NAMESPACE%`, which scripts of OpenPAI replace before they apply a file. */
const placeholder = /%[A-Z][A-Z0-9_]*%/g;

/** The objects of a rendered file; what has no apiVersion and no kind is other YAML, which is nobody's business. */
export function objectsIn(template: RenderedTemplate, source: string): Manifests {
  const { file } = template;
  const text = template.text?.replaceAll(placeholder, (name) =>
    name.slice(1, -1).toLowerCase().replaceAll("_", "-"),
  );
  if (text === undefined || !/\.(?:ya?ml|json)$/.test(template.name)) return { objects: [] };
  const lineOf = (line: number): number => templateLineOf(source, text, line);
  try {
    const objects = parseManifestYaml(text, file).flatMap((document) => {
      const locate = locator(text, document, file, lineOf);
      return objectsOf(document.value, []).map(({ value, path }) => ({
        template,
        value,
        locate: (below: YamlPath) => locate([...path, ...below]),
      }));
    });
    return { objects };
  } catch (error) {
    if (!(error instanceof PaiError)) throw error;
    const level = text === template.text ? "error" : "warning";
    return {
      objects: [],
      failure: { level, line: lineOf(error.location?.line ?? 1), message: error.message },
    };
  }
}

function locator(
  text: string,
  document: ManifestDocument,
  file: string,
  lineOf: (line: number) => number,
): KubernetesObject["locate"] {
  let locate: ReturnType<typeof locateInManifest> | undefined;
  return (path) => {
    locate ??= locateInManifest(text, document);
    return { file, line: lineOf(locate(path).line) };
  };
}

function objectsOf(
  value: unknown,
  path: YamlPath,
): { readonly value: Record<string, unknown>; readonly path: YamlPath }[] {
  if (!isRecord(value)) return [];
  const items = value["items"];
  if (value["kind"] === "List" && Array.isArray(items)) {
    return items.flatMap((item, index) =>
      isRecord(item) ? [{ value: item, path: [...path, "items", index] }] : [],
    );
  }
  return "apiVersion" in value || "kind" in value ? [{ value, path }] : [];
}
