// Makes src/kubernetes/schema.json, which says what objects of Kubernetes hold, from the OpenAPI description of
// one version:  node libs/check/tools/kubernetes-schema.ts <swagger.json> <version>
// The description is in the Go module that tools/local/kubernetes builds from:
// $(go env GOMODCACHE)/k8s.io/kubernetes@v<version>/api/openapi-spec/swagger.json
import { readFile, writeFile } from "node:fs/promises";

interface Definition {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly required?: readonly string[];
  readonly items?: Definition;
  readonly additionalProperties?: Definition;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-group-version-kind"?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

const [source, version] = process.argv.slice(2);
if (source === undefined || version === undefined) throw new Error("name swagger.json and the version");
const { definitions } = JSON.parse(await readFile(source, "utf8")) as {
  readonly definitions: Readonly<Record<string, Definition>>;
};

const reached = new Set<string>();
const kinds: [string, string][] = [];
for (const [name, definition] of Object.entries(definitions)) {
  const [gvk, ...more] = definition["x-kubernetes-group-version-kind"] ?? [];
  if (!gvk || more.length > 0 || definition.properties?.["metadata"]?.$ref?.endsWith(".ObjectMeta") !== true)
    continue;
  kinds.push([`${gvk.group === "" ? "" : `${gvk.group}/`}${gvk.version}/${gvk.kind}`, shortName(name)]);
  reached.add(name);
}
const types: Record<string, unknown> = {};
for (const name of reached) {
  const { properties, required } = definitions[name] ?? {};
  if (!properties) continue;
  types[shortName(name)] = {
    fields: Object.fromEntries(Object.entries(properties).map(([field, each]) => [field, typeOf(each)])),
    ...(required ? { required } : {}),
  };
}
const lines = (record: Iterable<readonly [string, unknown]>): string =>
  [...record]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(",\n");
await writeFile(
  new URL("../src/kubernetes/schema.json", import.meta.url),
  `{\n  "version": ${JSON.stringify(version)},\n  "kinds": {\n${lines(kinds)}\n  },\n  "types": {\n${lines(Object.entries(types))}\n  }\n}\n`,
);

/** The notation of src/kubernetes/schema.ts. */
function typeOf(definition: Definition): string {
  if (definition.$ref !== undefined) {
    const name = definition.$ref.slice("#/definitions/".length);
    const target = definitions[name];
    if (!target?.properties) return target ? scalarOf(target, name.endsWith(".Quantity")) : "any";
    reached.add(name);
    return shortName(name);
  }
  if (definition.items) return `[]${typeOf(definition.items)}`;
  if (definition.additionalProperties) return `{}${typeOf(definition.additionalProperties)}`;
  return scalarOf(definition);
}

function scalarOf({ type, format }: Definition, isQuantity = false): string {
  if (format === "int-or-string" || isQuantity) return "scalar";
  if (type === "string") return "string";
  if (type === "integer" || type === "number" || type === "boolean") return type;
  return "any";
}

function shortName(name: string): string {
  return name.split(".").slice(-3).join(".");
}
