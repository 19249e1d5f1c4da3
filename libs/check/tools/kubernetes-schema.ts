// Makes src/kubernetes/schema.json, which says what objects of Kubernetes hold, from the OpenAPI description of
// one version:  node libs/check/tools/kubernetes-schema.ts <swagger.json> <version>
// The description is in the Go module that tools/local/kubernetes builds from:
// $(go env GOMODCACHE)/k8s.io/kubernetes@v<version>/api/openapi-spec/swagger.json
import { readFile, writeFile } from "node:fs/promises";
import { schemaOf, type OpenApiDocument } from "../src/kubernetes/open-api.ts";

const [source, version] = process.argv.slice(2);
if (source === undefined || version === undefined) throw new Error("name swagger.json and the version");
const document = JSON.parse(await readFile(source, "utf8")) as OpenApiDocument;
const { kinds, types } = schemaOf(document, {
  version,
  nameOf: (name) => name.split(".").slice(-3).join("."),
});
const lines = (record: Readonly<Record<string, unknown>>): string =>
  Object.entries(record)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(",\n");
await writeFile(
  new URL("../src/kubernetes/schema.json", import.meta.url),
  `{\n  "version": ${JSON.stringify(version)},\n  "kinds": {\n${lines(kinds)}\n  },\n  "types": {\n${lines(types)}\n  }\n}\n`,
);
