// Words that make the schemas of this folder shorter.
import type { Schema } from "@pai/model";

/** An object with these keys; others are legal, as templates may read them. */
export function open(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: ["object", "null"], properties, ...(required.length > 0 ? { required } : {}) };
}

export function text(description: string): Schema {
  return { type: "string", description };
}

export function number(description: string): Schema {
  return { type: ["integer", "number", "string"], description };
}

export function list(items: Schema, description: string): Schema {
  return { type: ["array", "null"], items, description };
}
