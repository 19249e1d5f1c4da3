import { PaiError } from "@pai/core";
import type { ModelValue } from "./cluster.ts";
import type { YamlPath } from "./yaml-positions.ts";
import { isModelList, isModelObject, type YamlDocument } from "./yaml.ts";

export interface Sources {
  /** undefined when the variable is not set. */
  readonly env: (name: string) => string | undefined;
  /** May throw. */
  readonly file: (path: string) => string;
}

const reference = /\$\{(env|file):([^}]+)\}/g;

/** Fills in `${env:NAME}` and `${file:path}` in every text. Any other `${…}` belongs to someone else. */
export function interpolate(document: YamlDocument, sources: Sources, errors: PaiError[]): YamlDocument {
  const resolve = (value: ModelValue, path: YamlPath): ModelValue => {
    if (isModelList(value)) return value.map((item, index) => resolve(item, [...path, index]));
    if (isModelObject(value)) {
      return new Map([...value].map(([key, item]) => [key, resolve(item, [...path, key])]));
    }
    if (typeof value !== "string") return value;
    return value.replace(reference, (text, kind: string, name: string) => {
      try {
        const found = kind === "env" ? sources.env(name) : sources.file(name).replace(/\r?\n$/, "");
        if (found !== undefined) return found;
        errors.push(
          new PaiError("CONFIG_INVALID", `${text}: the environment variable ${name} is not set`, {
            location: document.locate(path),
          }),
        );
      } catch (cause) {
        errors.push(
          new PaiError("CONFIG_INVALID", `${text}: the file cannot be read`, {
            cause,
            location: document.locate(path),
            hint: "a relative path starts at the configuration folder",
          }),
        );
      }
      return text;
    });
  };
  return { ...document, value: resolve(document.value, []) };
}
