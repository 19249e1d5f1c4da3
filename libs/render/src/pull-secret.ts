// The pull secret of the own registry. It is written into the text beside `containers`, so that comments and
// whatever a script looks for with sed stay as their author wrote them.
import { isDeepStrictEqual } from "node:util";
import { isRecord, PaiError } from "@pai/core";
import {
  formatManifestYaml,
  locateInManifest,
  parseManifestYaml,
  podSpecPath,
  type ManifestDocument,
  type RegistryConfiguration,
  type YamlPath,
} from "@pai/model";
import { isManifestFile } from "./manifest.ts";
import { hidePlaceholders, showPlaceholders } from "./placeholders.ts";

type Registry = Pick<RegistryConfiguration, "prefix" | "credentials" | "secretName">;

/**
 * A workload that runs an image of the own registry and says nothing of pull secrets gets the configured one,
 * where the registry asks for a login. Returns the very same value when there is nothing to add.
 */
export function withPullSecret<T>(value: T, registry: Registry): T {
  const added = [{ name: registry.secretName }];
  return podSpecsInNeed(value, registry).reduce<T>(
    (at, path) => setAt(at, [...path, "imagePullSecrets"], added) as T,
    value,
  );
}

/** The same in a manifest's text. Files that are no YAML stay as they are: what reads them will say so. */
export function injectPullSecret(text: string, file: string, registry: Registry): string {
  if (!registry.credentials || !isManifestFile(file) || !text.includes(registry.prefix)) return text;
  const whole = hidePlaceholders(text);
  // From the end, where no place that is still to come is moved.
  const completed = documentsOf(whole, file).reduceRight(
    (at, document) =>
      `${at.slice(0, document.start)}${completeDocument(whole, document, registry)}${at.slice(document.end)}`,
    whole,
  );
  return showPlaceholders(completed);
}

function completeDocument(text: string, document: ManifestDocument, registry: Registry): string {
  const source = text.slice(document.start, document.end);
  const paths = podSpecsInNeed(document.value, registry);
  if (paths.length === 0) return source;
  const locate = locateInManifest(text, { ...document, line: 1 });
  const places = paths.map((path) => locate([...path, "containers"]));
  const wanted = withPullSecret(document.value, registry);
  const name = JSON.stringify(registry.secretName);
  const written = [
    insertAt(source, places, (indent) => `imagePullSecrets: [{ name: ${name} }]\n${indent}`),
    insertAt(source, places, () => `"imagePullSecrets": [{ "name": ${name} }], `),
  ].find((candidate) => isDeepStrictEqual(documentsOf(candidate, "")[0]?.value, wanted));
  return written ?? formatManifestYaml(wanted);
}

function documentsOf(text: string, file: string): ManifestDocument[] {
  try {
    return parseManifestYaml(text, file);
  } catch (error) {
    if (!(error instanceof PaiError)) throw error;
    return [];
  }
}

/** Where the pod specs are that run an own image and name no pull secret, those inside a `List` among them. */
function podSpecsInNeed(value: unknown, registry: Registry): YamlPath[] {
  if (!registry.credentials || !isRecord(value)) return [];
  if (value["kind"] === "List" && Array.isArray(value["items"])) {
    return value["items"].flatMap((item: unknown, index) =>
      podSpecsInNeed(item, registry).map((path) => ["items", index, ...path]),
    );
  }
  const path = podSpecPath(String(value["kind"]));
  const spec = path?.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);
  if (!path || !isRecord(spec) || "imagePullSecrets" in spec) return [];
  const isOwn = (container: unknown): boolean =>
    isRecord(container) && String(container["image"]).startsWith(registry.prefix);
  const lists = [spec["containers"], spec["initContainers"]];
  return lists.some((list) => Array.isArray(list) && list.some(isOwn)) ? [path] : [];
}

/** A copy; the way to the last key exists. */
function setAt(value: unknown, [key, ...rest]: YamlPath, added: unknown): unknown {
  if (key === undefined) return added;
  if (Array.isArray(value)) return value.with(Number(key), setAt(value[Number(key)], rest, added));
  const record = value as Readonly<Record<string, unknown>>;
  return { ...record, [key]: setAt(record[key], rest, added) };
}

/** `entry` gets what stands before the place in its line. */
function insertAt(
  source: string,
  places: readonly { readonly line: number; readonly column: number }[],
  entry: (indent: string) => string,
): string {
  const lines = source.split("\n");
  for (const { line, column } of places.toReversed()) {
    const text = lines[line - 1] ?? "";
    // A quoted key is placed at its first letter.
    const at = /["']/.test(text[column - 2] ?? "") ? column - 2 : column - 1;
    lines[line - 1] = `${text.slice(0, at)}${entry(text.slice(0, at))}${text.slice(at)}`;
  }
  return lines.join("\n");
}
