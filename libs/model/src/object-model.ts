import path from "node:path";
import { PaiError } from "@pai/core";
import type { ModelObject, ModelValue } from "./cluster.ts";
import { describe } from "./describe.ts";
import { duplicateWarnings, type ConfigWarning } from "./duplicate-keys.ts";
import { readFolder, readText } from "./files.ts";
import { isSecretName } from "./secret-name.ts";
import { report, type Section } from "./section.ts";
import { isModelList, isModelObject, parseYaml } from "./yaml.ts";

/** By service; null for a file that holds nothing but comments, as Python's code gets it. */
export type Defaults = ReadonlyMap<string, ModelObject | null>;

/** Defaults of every service: `src/<service>/config/<service>.yaml`, `_` or `-` in the file's name. */
export function readDefaults(root: string, errors: PaiError[], warnings: ConfigWarning[]): Defaults {
  const defaults = new Map<string, ModelObject | null>();
  for (const { name } of readFolder(path.join(root, "src"), "src") ?? []) {
    for (const stem of new Set([name, name.replaceAll("-", "_")])) {
      const file = `src/${name}/config/${stem}.yaml`;
      try {
        const text = readText(path.join(root, file), file);
        if (text === undefined) continue;
        const document = parseYaml(text, file);
        const { value, locate } = document;
        warnings.push(...duplicateWarnings(document));
        if (value === null || isModelObject(value)) defaults.set(name, value);
        else {
          const message = `${file} must hold a map, not ${describe(value)}`;
          errors.push(new PaiError("CONFIG_INVALID", message, { location: locate([]) }));
        }
      } catch (error) {
        if (!(error instanceof PaiError)) throw error;
        errors.push(error);
      }
    }
  }
  return defaults;
}

/** The defaults with the overrides of services-configuration.yaml over them. */
export function mergeServices(defaults: Defaults, overrides: Section): ReadonlyMap<string, ModelObject> {
  const merged = new Map(
    [...defaults].map(([name, value]) => [name, value ?? new Map<string, ModelValue>()]),
  );
  for (const [name, value] of overrides.value) {
    if (isModelObject(value)) merged.set(name, mergeDeep(defaults.get(name) ?? new Map(), value));
    else if (value === null) merged.set(name, defaults.get(name) ?? new Map<string, ModelValue>());
    else report(overrides, [name], `must be a map of settings, not ${describe(value)}`);
  }
  return merged;
}

/** Maps are merged key by key, keeping the order of `base`; everything else is replaced. */
export function mergeDeep(base: ModelObject, over: ModelObject): ModelObject {
  const merged = new Map(base);
  for (const [key, value] of over) {
    const below = merged.get(key);
    merged.set(key, isModelObject(below) && isModelObject(value) ? mergeDeep(below, value) : value);
  }
  return merged;
}

/** Values under keys that end in password, secret or token, and under those named. */
export function secretsIn(value: ModelValue, named: readonly string[] = [], secret = false): string[] {
  if (isModelList(value)) return value.flatMap((item) => secretsIn(item, named, secret));
  if (isModelObject(value)) {
    return [...value].flatMap(([key, item]) =>
      secretsIn(item, named, secret || isSecretName(key) || named.includes(key)),
    );
  }
  if (!secret || value === null || typeof value === "boolean") return [];
  return [String(value)];
}
