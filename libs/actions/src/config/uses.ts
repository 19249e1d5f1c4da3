import { nearMisses, PaiError } from "@pai/core";
import type { ModelObject, ModelValue } from "@pai/model";
import { readReads, type TemplateRead } from "./reads.ts";
import type { ReadConfigurationOptions } from "./read-configuration.ts";

export interface SettingUse {
  readonly service: string;
  readonly template: string;
  readonly line: number;
  /** The key as it is read there: the one asked for, one below it, or a map that holds it. */
  readonly key: string;
}

/** The template lines that read a setting or one below it. Throws CONFIG_INVALID for a key that nobody knows. */
export async function findUses(
  key: string,
  options: ReadConfigurationOptions,
): Promise<readonly SettingUse[]> {
  const { cluster, reads } = await readReads(options);
  const uses = usesOf(key, reads);
  if (uses.length === 0 && !keysOf(cluster.model).has(key)) throw unknownKey(key, cluster.model, reads);
  return uses;
}

export function usesOf(key: string, reads: readonly TemplateRead[]): readonly SettingUse[] {
  const uses = new Map<string, SettingUse>();
  for (const { service, template, line, path, extent } of reads) {
    const read = path.join(".");
    const isBelow = read === key || read.startsWith(`${key}.`);
    // Whoever goes through a whole map, or takes it as one value, depends on all that is in it.
    const isAbove = key.startsWith(read === "" ? "" : `${read}.`);
    if (!isBelow && !isAbove) continue;
    const shown = extent === "whole" ? `${read === "" ? "" : `${read}.`}*` : read;
    uses.set(`${template}:${line}:${shown}`, { service, template, line, key: shown });
  }
  return [...uses.values()].toSorted(byPlace);
}

function byPlace(a: SettingUse, b: SettingUse): number {
  return a.template === b.template ? a.line - b.line : a.template < b.template ? -1 : 1;
}

/** Every key of the model, maps among them. */
function keysOf(model: ModelObject, parent = ""): Set<string> {
  const keys = new Set<string>();
  const add = (value: ModelValue, key: string): void => {
    keys.add(key);
    if (value instanceof Map) for (const below of keysOf(value as ModelObject, `${key}.`)) keys.add(below);
  };
  for (const [key, value] of model) add(value, `${parent}${key}`);
  return keys;
}

function unknownKey(key: string, model: ModelObject, reads: readonly TemplateRead[]): PaiError {
  const known = new Set([...keysOf(model), ...reads.map(({ path }) => path.join("."))]);
  const near = nearMisses(key, known).map((each) => `"${each}"`);
  return new PaiError("CONFIG_INVALID", `"${key}" is not set, and no template reads it`, {
    hint:
      near.length > 0
        ? `did you mean ${near.join(" or ")}?`
        : "write it as paictl config model shows it, with dots: cluster.docker-registry.tag",
  });
}
