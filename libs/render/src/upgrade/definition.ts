// CustomResourceDefinition of apiextensions.k8s.io/v1beta1, which had one schema for all versions and let unknown
// fields pass.
import { isRecord } from "@pai/core";
import { mapIn, mapsIn, without, type Fields } from "./objects.ts";

const perVersion = ["validation", "subresources", "additionalPrinterColumns"] as const;
const approval = "api-approved.kubernetes.io";

export function upgradeDefinition(object: Fields): Fields {
  const spec = mapIn(object, "spec");
  const listed = mapsIn(spec, "versions");
  const versions =
    listed.length > 0 ? listed : [{ name: spec["version"] ?? "v1", served: true, storage: true }];
  const rest = without(spec, "version", "versions", "preserveUnknownFields", "conversion", ...perVersion);
  const conversion = spec["conversion"] === undefined ? {} : { conversion: upgradeConversion(spec) };
  return {
    ...object,
    metadata: withApproval(mapIn(object, "metadata"), String(spec["group"])),
    spec: {
      scope: "Namespaced",
      ...rest,
      ...conversion,
      versions: versions.map((version) => upgradeVersion(version, spec)),
    },
  };
}

/** The API server takes definitions in its own groups only with a word on who has approved them. */
function withApproval(metadata: Fields, group: string): Fields {
  const annotations = mapIn(metadata, "annotations");
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(group) || annotations[approval] !== undefined) return metadata;
  return { ...metadata, annotations: { ...annotations, [approval]: "unapproved, as it was before v1" } };
}

function upgradeVersion(version: Fields, spec: Fields): Fields {
  const merged: Fields = { ...Object.fromEntries(perVersion.map((key) => [key, spec[key]])), ...version };
  const columns = mapsIn(merged, "additionalPrinterColumns").map(({ JSONPath, ...column }) => ({
    ...column,
    ...(JSONPath === undefined ? {} : { jsonPath: JSONPath }),
  }));
  const written = version["schema"] ?? merged["validation"];
  const schema = isRecord(written) ? mapIn(written, "openAPIV3Schema") : {};
  const keepsUnknown = spec["preserveUnknownFields"] !== false;
  return {
    served: true,
    ...without(merged, ...perVersion, "schema"),
    schema: { openAPIV3Schema: { ...upgradeSchema(schema, keepsUnknown), type: "object" } },
    ...(merged["subresources"] === undefined ? {} : { subresources: merged["subresources"] }),
    ...(columns.length > 0 ? { additionalPrinterColumns: columns } : {}),
  };
}

const unknownAllowed = "x-kubernetes-preserve-unknown-fields";

/** v1 needs a type at every place, and drops fields that no place names. */
function upgradeSchema(schema: Fields, keepsUnknown: boolean): Fields {
  const { properties, items, additionalProperties: others } = schema;
  const inside = (value: unknown): unknown => (isRecord(value) ? upgradeSchema(value, keepsUnknown) : value);
  const type = schema["type"] ?? (properties || others ? "object" : items ? "array" : undefined);
  const isOpen = type === undefined || (type === "object" && keepsUnknown && others === undefined);
  const isSettled = schema["x-kubernetes-int-or-string"] === true || unknownAllowed in schema;
  return {
    ...schema,
    ...(type === undefined ? {} : { type }),
    ...(isRecord(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, each]) => [key, inside(each)]),
          ),
        }
      : {}),
    ...(items === undefined ? {} : { items: inside(items) }),
    ...(others === undefined ? {} : { additionalProperties: inside(others) }),
    ...(isOpen && !isSettled ? { [unknownAllowed]: true } : {}),
  };
}

function upgradeConversion(spec: Fields): Fields {
  const { webhookClientConfig, conversionReviewVersions, ...conversion } = mapIn(spec, "conversion");
  if (webhookClientConfig === undefined) return conversion;
  const versions = conversionReviewVersions ?? ["v1beta1"];
  return {
    ...conversion,
    webhook: { clientConfig: webhookClientConfig, conversionReviewVersions: versions },
  };
}
