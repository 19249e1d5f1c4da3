/** The part of JSON Schema (draft 2020-12) that the schemas of this folder use. */
export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: SchemaType | readonly SchemaType[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

export type SchemaType = "object" | "array" | "string" | "boolean" | "integer" | "number" | "null";

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
