// Tables of what JSON Schemas allow.

export interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly enum?: readonly string[];
  readonly default?: string | number | boolean;
}

/** One row a key; keys of keys follow as `a.b`, those of list entries as `a[].b`, any name as `a.*`. */
export function schemaTable(schema: Schema): string {
  return ["| key | type | meaning |", "| --- | --- | --- |", ...rowsOf(schema, "")].join("\n");
}

function rowsOf(schema: Schema, prefix: string): string[] {
  const named = Object.entries(schema.properties ?? {}).flatMap(([key, each]) => {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    return [row(name, each), ...rowsOf(each, name)];
  });
  const others = schema.additionalProperties;
  const any = prefix === "" ? "*" : `${prefix}.*`;
  return [
    ...named,
    ...(schema.items?.properties ? rowsOf(schema.items, `${prefix}[]`) : []),
    ...(typeof others === "object" ? [row(any, others), ...rowsOf(others, any)] : []),
  ];
}

function row(
  name: string,
  { type, items, enum: values, default: fallback, description = "" }: Schema,
): string {
  const types = [type ?? []].flat().filter((each) => each !== "null");
  const shown = types.map((each) =>
    each === "array" && items?.type ? `list of ${[items.type].flat().join(" or ")}` : each,
  );
  const notes = [
    description,
    ...(values ? [`one of ${values.map((value) => `\`${value}\``).join(", ")}`] : []),
    ...(fallback === undefined ? [] : [`default \`${String(fallback)}\``]),
  ].filter(Boolean);
  return `| \`${name}\` | ${shown.join(" or ")} | ${notes.join("; ").replaceAll("|", "\\|").replaceAll("\n", " ")} |`;
}
