import { PaiError, type Location } from "@pai/core";
import { constructFromEvents, parseEvents, YAMLException } from "js-yaml";
import { ModelFloat, type ModelValue } from "./cluster.ts";
import { positionAt, positionsIn, type DuplicateKey, type YamlPath } from "./yaml-positions.ts";
import { pythonSchema } from "./yaml-schema.ts";

export { isModelList, isModelObject } from "./cluster.ts";

export interface YamlDocument {
  readonly file: string;
  /** null for an empty or comment-only file, as in PyYAML. */
  readonly value: ModelValue;
  /** Where a key or list entry stands; for one that does not exist, its nearest existing parent. */
  readonly locate: (path: YamlPath) => Location;
  /** Keys that come twice in one map; the last one counts. */
  readonly duplicateKeys: () => readonly DuplicateKey[];
}

const schema = pythonSchema();
/** Ten lines of aliases can stand for billions of values. */
const maxValues = 200_000;
const secretKey = /password|secret|token/i;

/** Reads one document as PyYAML's `safe_load` does. Throws CONFIG_INVALID with line and column. */
export function parseYaml(text: string, file: string): YamlDocument {
  const source = text.replace(/^\uFEFF/, "");
  try {
    const events = parseEvents(source, {});
    // json: a duplicate key overrides the first one. maxAliases: small files can expand to gigabytes.
    const documents = constructFromEvents(events, { source, schema, json: true, maxAliases: 1000 });
    if (documents.length > 1) {
      throw new PaiError("CONFIG_INVALID", `${file} holds ${documents.length} YAML documents`, {
        location: { file },
        hint: "keep one; documents are separated by ---",
      });
    }
    const value = modelValue(documents[0], { file, parents: new Set(), left: maxValues });
    const { locate, duplicateKeys } = positionsIn(events, source);
    return { file, value, locate: (path) => ({ file, ...locate(path) }), duplicateKeys };
  } catch (error) {
    throw error instanceof YAMLException ? syntaxError(error, source, file) : error;
  }
}

function syntaxError({ reason, mark }: YAMLException, source: string, file: string): PaiError {
  // A mistake that only shows at the end of the file stands at the end of its last line.
  const end = source.trimEnd().length;
  const { line, column } = positionAt(source, Math.min(mark?.position ?? 0, end));
  const text = source.split(/\r\n|\r|\n/)[line - 1] ?? "";
  // Both the line and the parser's reason, which quotes tags and aliases, may show a password.
  const secret = secretKey.test(text);
  const shown = secret ? reason.replaceAll(/"[^"]*"|<[^>]*>/g, "…") : reason;
  const excerpt = secret
    ? []
    : [`${line} | ${text}`, `${" ".repeat(`${line}`.length)} | ${" ".repeat(column - 1)}^`];
  return new PaiError("CONFIG_INVALID", `${file} is not valid YAML: ${shown}`, {
    location: { file, line, column, excerpt },
  });
}

interface Conversion {
  readonly file: string;
  readonly parents: Set<unknown>;
  /** How many more values may come. */
  left: number;
}

function modelValue(value: unknown, conversion: Conversion): ModelValue {
  const { file, parents } = conversion;
  if (conversion.left-- === 0) {
    throw new PaiError("CONFIG_INVALID", `${file} holds more than ${maxValues} values`, {
      location: { file },
      hint: "aliases (*) that stand for maps full of aliases multiply",
    });
  }
  if (value === null || value === undefined) return null;
  if (typeof value !== "object" || value instanceof ModelFloat) return value as ModelValue;
  if (parents.has(value)) {
    throw new PaiError("CONFIG_INVALID", `${file}: an alias (*) stands inside its own anchor (&)`, {
      location: { file },
    });
  }
  parents.add(value);
  const result = Array.isArray(value)
    ? value.map((item) => modelValue(item, conversion))
    : new Map(
        [...(value as Map<unknown, unknown>)].map(([key, item]) => [
          keyText(key),
          modelValue(item, conversion),
        ]),
      );
  parents.delete(value);
  return result;
}

/** A key as Python prints it: YAML reads the keys `on` and `10` as True and 10. */
function keyText(key: unknown): string {
  if (key === null) return "None";
  if (typeof key === "boolean") return key ? "True" : "False";
  return String(key as string | number | bigint);
}
