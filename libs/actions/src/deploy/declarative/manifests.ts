// The manifests that a declarative service names. Stricter than what looks for objects among the files of
// a script: whatever is meant to be applied has to be an object.
import { isRecord, PaiError } from "@pai/core";
import type { KubernetesObject, WantedObject } from "@pai/kubernetes";
import { parseManifestYaml, type DeployRule } from "@pai/model";
import { isManifestFile, withDeployRules } from "@pai/render";
import type { DeployFile } from "../folder.ts";
import type { PlannedService } from "../plan.ts";

/** Throws CONFIG_INVALID for the first document that is no object. */
export function manifestsOf(planned: PlannedService): WantedObject[] {
  const isListed = planned.service.deploy?.declarative?.apply !== undefined;
  return manifestFiles(planned).flatMap((file) => {
    const place = file.template ?? `${planned.service.folder}/deploy/${file.name}`;
    const rules = planned.service.deploy?.deployRules ?? [];
    const read = objectsIn(file, place, isListed);
    const objects = rules.length === 0 ? read : read.map((object) => ruled(object, rules));
    if (objects.length > 0 || !isListed) return objects;
    throw new PaiError("CONFIG_INVALID", `apply names ${file.name}, but it holds no Kubernetes object`, {
      location: { file: place },
      hint: "a manifest is a .yaml, .yml or .json file with apiVersion, kind and metadata.name",
    });
  });
}

/** Rendered files have the rules already, which changes nothing. */
function ruled({ location, ...object }: WantedObject, rules: readonly DeployRule[]): WantedObject {
  return { ...(withDeployRules(object, rules) as KubernetesObject), location };
}

function manifestFiles({ service, files }: PlannedService): readonly DeployFile[] {
  const { apply } = service.deploy?.declarative ?? {};
  if (apply) return apply.flatMap(({ name }) => files.find((file) => file.name === name) ?? []);
  // Jobs that clean up are applied by delete-scripts only.
  return files.filter(
    ({ name, template }) => template !== undefined && isManifestFile(name) && !name.includes("delete"),
  );
}

function objectsIn({ name, content, template }: DeployFile, file: string, isListed: boolean): WantedObject[] {
  if (!isManifestFile(name)) return [];
  return parseManifestYaml(content.toString(), file).flatMap(({ value, line }) =>
    flatten(value).flatMap((item): WantedObject[] => {
      // Beside manifests, template-list may name the configuration of programs, which is YAML, too.
      if (!isListed && !(isRecord(item) && ("apiVersion" in item || "kind" in item))) return [];
      const problem = problemOf(item);
      if (problem !== undefined) {
        const kind = isRecord(item) && typeof item["kind"] === "string" ? item["kind"] : "document";
        throw new PaiError("CONFIG_INVALID", `${name}: the ${kind} in line ${line} has no ${problem}`, {
          location: { file },
        });
      }
      // A line of the rendered text is none of the template.
      const location = template === undefined ? { file, line } : { file };
      return [{ ...(item as unknown as KubernetesObject), location }];
    }),
  );
}

function flatten(value: unknown): unknown[] {
  if (value === undefined) return [];
  if (isRecord(value) && value["kind"] === "List" && Array.isArray(value["items"]))
    return value["items"].flatMap(flatten);
  return [value];
}

/** What every object needs. A name that looks like a number has to be quoted. */
function problemOf(value: unknown): string | undefined {
  if (!isRecord(value)) return "apiVersion";
  if (typeof value["apiVersion"] !== "string") return "apiVersion";
  if (typeof value["kind"] !== "string") return "kind";
  const { metadata } = value;
  return isRecord(metadata) && typeof metadata["name"] === "string" && metadata["name"] !== ""
    ? undefined
    : "metadata.name";
}
