import {
  isModelList,
  isModelObject,
  type ModelValue,
  type YamlDocument,
  type YamlPath,
  nameOf,
} from "@pai/model";
import type { Mistake } from "../finding.ts";
import { nameInFolder } from "../configuration-folder.ts";
import type { Rule } from "../rule.ts";

export const unsetVariable: Rule = {
  id: "unset-variable",
  level: "error",
  about: "The configuration takes a value from an environment variable, ${env:NAME}, that is not set here.",
  *check({ documents, configuration, env }) {
    // A model file is made by a program, which has taken all values from where they are.
    if (configuration.modelFile !== undefined) return;
    for (const document of documents.values()) {
      if (nameInFolder(configuration, document.file) !== undefined)
        yield* unsetIn(document, document.value, [], env);
    }
  },
};

function* unsetIn(
  document: YamlDocument,
  value: ModelValue,
  path: YamlPath,
  env: Readonly<Record<string, string | undefined>>,
): Generator<Mistake> {
  if (isModelList(value)) {
    for (const [index, item] of value.entries()) yield* unsetIn(document, item, [...path, index], env);
  }
  if (isModelObject(value)) {
    for (const [key, item] of value) yield* unsetIn(document, item, [...path, key], env);
  }
  if (typeof value !== "string") return;
  for (const [, name = ""] of value.matchAll(/\$\{env:([^}]+)\}/g)) {
    if (env[name] !== undefined) continue;
    yield {
      ...document.locate(path),
      message: `${nameOf(path)} needs the environment variable ${name}, which is not set`,
    };
  }
}
