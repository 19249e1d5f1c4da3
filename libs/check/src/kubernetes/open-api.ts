// What objects of a Kubernetes hold, from the OpenAPI 2 document that its API server gives at /openapi/v2.
import type { KubernetesSchema, ObjectType } from "./schema.ts";

interface Definition {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly required?: readonly string[];
  readonly items?: Definition;
  readonly additionalProperties?: Definition | boolean;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-group-version-kind"?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

export interface OpenApiDocument {
  readonly definitions?: Readonly<Record<string, Definition>>;
}

export interface SchemaOptions {
  /** Of Kubernetes, such as `1.34.4`. */
  readonly version: string;
  /** How types are called in the result. */
  readonly nameOf?: (definition: string) => string;
}

/** Objects only: no lists, no options of a request. */
export function schemaOf({ definitions = {} }: OpenApiDocument, options: SchemaOptions): KubernetesSchema {
  const { version, nameOf = (name) => name } = options;
  const kinds: Record<string, string> = {};
  const types: Record<string, ObjectType> = {};
  const todo: NamedType[] = [];
  const typeOf = createTypeOf(definitions, nameOf, (type) => todo.push(type));
  for (const [name, definition] of Object.entries(definitions)) {
    const [gvk, ...more] = definition["x-kubernetes-group-version-kind"] ?? [];
    if (!gvk || more.length > 0 || !isObjectKind(definition)) continue;
    const type = typeOf({ $ref: referenceTo + name }, { name, isBuiltIn: true });
    kinds[`${gvk.group === "" ? "" : `${gvk.group}/`}${gvk.version}/${gvk.kind}`] = type;
  }
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { name, isBuiltIn, definition } = next;
    if (types[name]) continue;
    const { properties = {}, required } = definition;
    const fields = Object.entries(properties).map(
      ([field, each]) => [field, typeOf(each, { name: `${name}.${field}`, isBuiltIn })] as const,
    );
    // A server fills in the defaults of custom resources before it looks for what is needed, and this
    // document does not have them.
    types[name] = { fields: Object.fromEntries(fields), ...(required && isBuiltIn ? { required } : {}) };
  }
  return { version, kinds, types };
}

const referenceTo = "#/definitions/";
const builtIn = /^io\.k8s\.(?:api|apimachinery|apiextensions-apiserver|kube-aggregator)\./;

function isObjectKind({ properties }: Definition): boolean {
  // A definition of custom resources whose schema allows everything has no properties at all.
  return properties === undefined || properties["metadata"]?.$ref?.endsWith(".ObjectMeta") === true;
}

interface TypePlace {
  /** Of the type, should it turn out to be one with fields. */
  readonly name: string;
  readonly isBuiltIn: boolean;
}

interface NamedType extends TypePlace {
  readonly definition: Definition;
}

/** The notation of schema.ts; tells of every type with fields that it names. */
function createTypeOf(
  definitions: Readonly<Record<string, Definition>>,
  nameOf: (definition: string) => string,
  found: (type: NamedType) => void,
): (definition: Definition, place: TypePlace) => string {
  const typeOf = (definition: Definition, place: TypePlace): string => {
    const { $ref, properties, items, additionalProperties: others } = definition;
    if ($ref !== undefined) {
      const name = $ref.slice(referenceTo.length);
      const target = definitions[name];
      if (!target) return "any";
      if (!target.properties) return scalarOf(target, name.endsWith(".Quantity"));
      return typeOf(target, { name: nameOf(name), isBuiltIn: builtIn.test(name) });
    }
    if (definition["x-kubernetes-preserve-unknown-fields"] === true) return "any";
    if (properties) {
      found({ ...place, definition });
      return place.name;
    }
    const below = { ...place, name: `${place.name}[]` };
    if (items) return `[]${typeOf(items, below)}`;
    return typeof others === "object" ? `{}${typeOf(others, below)}` : scalarOf(definition);
  };
  return typeOf;
}

function scalarOf(definition: Definition, isQuantity = false): string {
  const { type, format } = definition;
  if (format === "int-or-string" || definition["x-kubernetes-int-or-string"] === true || isQuantity)
    return "scalar";
  if (type === "string") return "string";
  return type === "integer" || type === "number" || type === "boolean" ? type : "any";
}
