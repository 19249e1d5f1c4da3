// Writes a model so that reading it again gives the same values: 40.0 stays a float, "0644" a text.
import type { ModelObject, ModelValue } from "./cluster.ts";
import { isModelList, isModelObject, parseYaml } from "./yaml.ts";

export function formatModelJson(value: ModelValue, indent = ""): string {
  const inside = `${indent}  `;
  if (isModelList(value)) {
    if (value.length === 0) return "[]";
    const items = value.map((item) => `${inside}${formatModelJson(item, inside)}`);
    return `[\n${items.join(",\n")}\n${indent}]`;
  }
  if (isModelObject(value)) {
    if (value.size === 0) return "{}";
    const entries = [...value].map(
      ([key, item]) => `${inside}${JSON.stringify(key)}: ${formatModelJson(item, inside)}`,
    );
    return `{\n${entries.join(",\n")}\n${indent}}`;
  }
  if (typeof value === "string") return JSON.stringify(value);
  // JSON has no nan and no infinity; Python writes and reads these.
  return numberText(value, { nan: "NaN", infinity: "Infinity" });
}

/** Ends with a line break. */
export function formatModelYaml(model: ModelObject): string {
  return model.size === 0 ? "{}\n" : `${mapLines(model, "").join("\n")}\n`;
}

function mapLines(map: ModelObject, indent: string): string[] {
  return [...map].flatMap(([key, value]) => entryLines(`${indent}${textScalar(key)}:`, value, indent));
}

function listLines(list: readonly ModelValue[], indent: string): string[] {
  return list.flatMap((item) => {
    if (!isModelObject(item) || item.size === 0) return entryLines(`${indent}-`, item, indent);
    const [first = "", ...rest] = mapLines(item, `${indent}  `);
    return [`${indent}- ${first.trimStart()}`, ...rest];
  });
}

function entryLines(head: string, value: ModelValue, indent: string): string[] {
  if (isModelObject(value))
    return value.size === 0 ? [`${head} {}`] : [head, ...mapLines(value, `${indent}  `)];
  if (isModelList(value))
    return value.length === 0 ? [`${head} []`] : [head, ...listLines(value, `${indent}  `)];
  return [`${head} ${scalar(value)}`];
}

function scalar(value: Exclude<ModelValue, ModelObject | readonly ModelValue[]>): string {
  if (typeof value === "string") return textScalar(value);
  return numberText(value, { nan: ".nan", infinity: ".inf" });
}

function numberText(value: ModelValue, names: { readonly nan: string; readonly infinity: string }): string {
  const text = String(value as number);
  if (text === "nan") return names.nan;
  if (text.endsWith("inf")) return text.replace("inf", names.infinity);
  // YAML 1.1 reads 1e-7 as a text: a float needs its point.
  return text.replace(/^(-?\d+)e/, "$1.0e");
}

function textScalar(text: string): string {
  const plain = /^[\w./-][\w ./:@+-]*$/.test(text) && !/: |:$| $/.test(text) && isPlain(text);
  return plain ? text : JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}

/** Whether YAML reads it back as this text: `yes` and `0644` it does not. */
function isPlain(text: string): boolean {
  try {
    return parseYaml(text, "").value === text;
  } catch {
    return false;
  }
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
