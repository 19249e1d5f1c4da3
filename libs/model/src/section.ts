import { nearMisses, PaiError, type PaiErrorOptions } from "@pai/core";
import type { ModelObject, ModelValue } from "./cluster.ts";
import { describe } from "./describe.ts";
import type { YamlPath } from "./yaml-positions.ts";
import { isModelObject, type YamlDocument } from "./yaml.ts";

/** A map somewhere in a configuration file. What is wrong with its keys is collected, not thrown. */
export interface Section {
  readonly document: YamlDocument;
  readonly path: YamlPath;
  readonly value: ModelObject;
  readonly errors: PaiError[];
}

export function topSection(document: YamlDocument, errors: PaiError[]): Section | undefined {
  if (isModelObject(document.value)) return { document, path: [], value: document.value, errors };
  const problem = document.value === null ? "is empty" : `must hold a map, not ${describe(document.value)}`;
  errors.push(
    new PaiError("CONFIG_INVALID", `${document.file} ${problem}`, { location: document.locate([]) }),
  );
  return undefined;
}

/** The map under a needed key. */
export function neededSection(parent: Section, key: string): Section | undefined {
  const value = needed(parent, key);
  if (value === undefined) return undefined;
  if (isModelObject(value)) return { ...parent, path: [...parent.path, key], value };
  report(parent, [key], `must be a map, not ${describe(value)}`);
  return undefined;
}

export function neededText(section: Section, key: string): string | undefined {
  return needed(section, key) === undefined ? undefined : optionalText(section, key);
}

/** undefined when the key is absent, and when its value is no text, which is reported. */
export function optionalText(section: Section, key: string): string | undefined {
  const value = section.value.get(key) ?? null;
  if (value === null || (typeof value === "string" && value !== "")) return value ?? undefined;
  // 1.10 is a number to YAML, 1.1: writing it out again would not give what was meant.
  const unquoted = typeof value !== "string" && typeof value !== "object";
  report(section, [key], `must be a text, not ${describe(value)}`, unquoted ? "put it in quotes" : undefined);
  return undefined;
}

export function needed(section: Section, key: string): ModelValue | undefined {
  const value = section.value.get(key) ?? null;
  if (value !== null) return value;
  if (section.value.has(key)) {
    report(section, [key], "is empty");
    return undefined;
  }
  const [near] = nearMisses(key, section.value.keys());
  report(section, near === undefined ? [] : [near], "is missing", near && `did you mean "${near}"?`, key);
  return undefined;
}

/** Reports at `at`, below the section's own path, what is wrong with the key `named` (or with `at`). */
export function report(
  { document, path, errors }: Section,
  at: YamlPath,
  problem: string,
  hint?: string,
  named?: string,
): void {
  const name = keyName(named === undefined ? [...path, ...at] : [...path, named]);
  const options: PaiErrorOptions = {
    location: document.locate([...path, ...at]),
    ...(hint === undefined ? {} : { hint }),
  };
  errors.push(new PaiError("CONFIG_INVALID", `${name} ${problem}`, options));
}

/** `machine-list[2].hostip`, counted from 1 as people do. */
function keyName(path: YamlPath): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step + 1}]` : index === 0 ? step : `.${step}`))
    .join("");
}
