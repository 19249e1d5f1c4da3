import { isRecord, nearMisses } from "@pai/core";
import { type YamlPath, meant, nameOf } from "@pai/model";
import type { KubernetesSchema } from "./schema.ts";

export interface FieldMistake {
  readonly kind: "unknown-field" | "field-type" | "missing-field";
  readonly path: YamlPath;
  readonly message: string;
}

/** Fields of an object that the version's schema does not know, or knows otherwise. Stops at `limit` mistakes. */
export function validateObject(
  { types }: KubernetesSchema,
  type: string,
  value: unknown,
  limit = 50,
): FieldMistake[] {
  const mistakes: FieldMistake[] = [];
  // Aliases make graphs of what looks like a tree: each thing is looked at once for a type.
  const seen = new Map<unknown, Set<string>>();
  const visit = (of: string, at: unknown, path: YamlPath): void => {
    if (mistakes.length >= limit || at === null || at === undefined || of === "any") return;
    if (typeof at === "object") {
      const known = seen.get(at) ?? new Set<string>();
      if (known.has(of)) return;
      seen.set(at, known.add(of));
    }
    const wrong = (wanted: string): void => {
      mistakes.push({
        kind: "field-type",
        path,
        message: `${nameOf(path)} must be ${wanted}, not ${kindOf(at)}`,
      });
    };
    if (of.startsWith("[]")) {
      if (!Array.isArray(at)) wrong("a list");
      else for (const [index, item] of at.entries()) visit(of.slice(2), item, [...path, index]);
      return;
    }
    if (of.startsWith("{}")) {
      if (!isRecord(at)) wrong("a map");
      else for (const [key, item] of Object.entries(at)) visit(of.slice(2), item, [...path, key]);
      return;
    }
    const scalar = scalars[of];
    if (scalar) {
      if (!scalar.accepts(at)) wrong(scalar.words);
      return;
    }
    const definition = types[of];
    if (!definition) return;
    if (!isRecord(at)) {
      wrong("a map");
      return;
    }
    for (const name of definition.required ?? []) {
      if ((at[name] ?? null) !== null) continue;
      mistakes.push({ kind: "missing-field", path, message: `${nameOf([...path, name])} is missing` });
    }
    for (const [name, item] of Object.entries(at)) {
      const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined;
      if (field !== undefined) {
        visit(field, item, [...path, name]);
        continue;
      }
      const [near] = nearMisses(
        name,
        Object.keys(definition.fields).filter((known) => !(known in at)),
      );
      const message = `${nameOf([...path, name])}: there is no such field${meant(near)}`;
      mistakes.push({ kind: "unknown-field", path: [...path, name], message });
    }
  };
  visit(type, value, []);
  return mistakes;
}

const scalars: Readonly<
  Record<string, { readonly accepts: (value: unknown) => boolean; readonly words: string }>
> = {
  string: {
    accepts: (value) => typeof value === "string",
    words: "a text (in quotes, if it looks like a number)",
  },
  integer: { accepts: (value) => Number.isInteger(value), words: "a whole number" },
  number: { accepts: (value) => typeof value === "number", words: "a number" },
  boolean: { accepts: (value) => typeof value === "boolean", words: "true or false" },
  scalar: {
    accepts: (value) => typeof value === "string" || typeof value === "number",
    words: "a text or a number",
  },
};

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? "a text" : typeof value === "boolean" ? "true or false" : "a number";
}
