import {
  isModelList,
  isModelObject,
  type ModelValue,
  type YamlDocument,
  type YamlPath,
  nameOf,
} from "@pai/model";
import { nameInFolder } from "../configuration-folder.ts";
import type { Mistake } from "../finding.ts";
import type { Rule } from "../rule.ts";

const secretKey = /(?:password|secret|token)$/i;

export const clearTextSecret: Rule = {
  id: "clear-text-secret",
  level: "hint",
  about:
    "A password stands in the configuration itself; ${env:NAME} or ${file:path} keep it out of the repository.",
  *check({ documents, configuration }) {
    // A model file is made by a program, which has taken all values from where they are.
    if (configuration.modelFile !== undefined) return;
    for (const document of documents.values()) {
      if (nameInFolder(configuration, document.file) !== undefined)
        yield* secretsIn(document, document.value, []);
    }
  },
};

function* secretsIn(document: YamlDocument, value: ModelValue, path: YamlPath): Generator<Mistake> {
  if (isModelList(value)) {
    for (const [index, item] of value.entries()) yield* secretsIn(document, item, [...path, index]);
  }
  if (!isModelObject(value)) return;
  for (const [key, item] of value) {
    const at = [...path, key];
    yield* secretsIn(document, item, at);
    if (!secretKey.test(key) || typeof item !== "string" || item === "" || /\$\{(?:env|file):/.test(item))
      continue;
    yield {
      ...document.locate(at),
      message: `${nameOf(at)} is in clear text; \${env:NAME} or \${file:path} keep it out of the tree`,
    };
  }
}
