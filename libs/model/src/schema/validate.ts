import { nearMisses } from "@pai/core";
import { ModelFloat, type ModelValue } from "../cluster.ts";
import { describe } from "../describe.ts";
import type { YamlPath } from "../yaml-positions.ts";
import { isModelList, isModelObject } from "../yaml.ts";
import type { Schema, SchemaType } from "./schema.ts";

export interface Violation {
  readonly kind: "unknown-key" | "wrong-type" | "missing-setting";
  readonly path: YamlPath;
  readonly message: string;
}

/** How a value breaks its schema. Unknown keys are legal unless the schema is closed or a known key is near. */
export function validate(value: ModelValue, schema: Schema, path: YamlPath = []): Violation[] {
  const violation = (kind: Violation["kind"], at: YamlPath, message: string): Violation => ({
    kind,
    path: at,
    message,
  });
  const types = schema.type === undefined ? undefined : [schema.type].flat();
  if (types && !types.some((type) => isOfType(value, type))) {
    const wanted = types.filter((type) => type !== "null");
    return [
      violation(
        "wrong-type",
        path,
        `${nameOf(path)} must be ${wordsOf(wanted)}, not ${describe(value)}${quotes(value, wanted)}`,
      ),
    ];
  }
  if (schema.enum && typeof value === "string" && !schema.enum.includes(value)) {
    const [near] = nearMisses(value, schema.enum);
    return [
      violation("wrong-type", path, `${nameOf(path)} must be ${schema.enum.join(" or ")}${meant(near)}`),
    ];
  }
  if (isModelList(value)) {
    const { items } = schema;
    return items ? value.flatMap((item, index) => validate(item, items, [...path, index])) : [];
  }
  if (!isModelObject(value)) return [];
  const known = schema.properties ?? {};
  const missing = (schema.required ?? [])
    .filter((key) => (value.get(key) ?? null) === null)
    .map((key) =>
      violation(
        "missing-setting",
        value.has(key) ? [...path, key] : path,
        `${nameOf([...path, key])} is missing`,
      ),
    );
  const size = value.size < (schema.minProperties ?? 0) || value.size > (schema.maxProperties ?? Infinity);
  const wrongSize = size
    ? [violation("wrong-type", path, `${nameOf(path)} must have one key: ${Object.keys(known).join(" or ")}`)]
    : [];
  const below = [...value].flatMap(([key, item]) => {
    // A key with nothing after it counts as absent.
    if (item === null) return [];
    const at = [...path, key];
    const property = Object.hasOwn(known, key) ? known[key] : undefined;
    if (property) return validate(item, property, at);
    const [near] = nearMisses(
      key,
      Object.keys(known).filter((name) => !value.has(name)),
    );
    const unknown =
      near !== undefined || schema.additionalProperties === false
        ? [violation("unknown-key", at, `nothing reads ${nameOf(at)}${meant(near)}`)]
        : [];
    const { additionalProperties } = schema;
    return typeof additionalProperties === "object"
      ? [...unknown, ...validate(item, additionalProperties, at)]
      : unknown;
  });
  return [...missing, ...wrongSize, ...below];
}

/** `machine-list[2].hostip`, counted from 1 as people do. */
export function nameOf(path: YamlPath): string {
  if (path.length === 0) return "the file";
  return path
    .map((step, index) => (typeof step === "number" ? `[${step + 1}]` : index === 0 ? step : `.${step}`))
    .join("");
}

export function meant(near: string | undefined): string {
  return near === undefined ? "" : `; did you mean "${near}"?`;
}

function isOfType(value: ModelValue, type: SchemaType): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return isModelList(value);
    case "object":
      return isModelObject(value);
    case "integer":
      return typeof value === "bigint" || Number.isInteger(value);
    case "number":
      return typeof value === "number" || typeof value === "bigint" || value instanceof ModelFloat;
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
  }
}

const words: Readonly<Record<SchemaType, string>> = {
  object: "a map",
  array: "a list",
  string: "a text",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
  null: "empty",
};

function wordsOf(types: readonly SchemaType[]): string {
  return types
    .filter((type) => type !== "integer" || !types.includes("number"))
    .map((type) => words[type])
    .join(" or ");
}

/** 1.10 is a number to YAML, 1.1: writing it out again would not give what was meant. */
function quotes(value: ModelValue, wanted: readonly SchemaType[]): string {
  const unquoted = typeof value === "number" || typeof value === "boolean" || value instanceof ModelFloat;
  return unquoted && wanted.includes("string") ? "; put it in quotes" : "";
}
