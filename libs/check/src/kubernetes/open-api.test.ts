import { expect, test } from "vitest";
import { contextOf, soundTree } from "../fixtures.ts";
import { runRules } from "../run-rules.ts";
import { schemaOf } from "./open-api.ts";
import { describeSchema } from "./schema.ts";
import { validateObject } from "./validate-object.ts";

const meta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const document = {
  definitions: {
    [meta]: { type: "object", properties: { name: { type: "string" } } },
    "io.k8s.api.demo.v1.Task": {
      properties: {
        metadata: { $ref: `#/definitions/${meta}` },
        size: { type: "string", format: "int-or-string" },
      },
      required: ["size"],
      "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Task" }],
    },
    "io.k8s.api.demo.v1.TaskList": {
      properties: { items: { type: "array", items: { $ref: "#/definitions/io.k8s.api.demo.v1.Task" } } },
      "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "TaskList" }],
    },
    "org.example.v1.Robot": {
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: { $ref: `#/definitions/${meta}` },
        spec: {
          type: "object",
          required: ["arms"],
          properties: {
            arms: { type: "array", items: { type: "object", properties: { length: { type: "integer" } } } },
            free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            names: { type: "object", additionalProperties: { type: "string" } },
          },
        },
      },
      "x-kubernetes-group-version-kind": [{ group: "example.org", version: "v1", kind: "Robot" }],
    },
    "org.example.v1.Thing": {
      type: "object",
      "x-kubernetes-group-version-kind": [{ group: "example.org", version: "v1", kind: "Thing" }],
    },
  },
};
const schema = { ...schemaOf(document, { version: "1.31.2" }), server: "https://10.0.0.1:6443" };

test("knows objects, built in or custom, and no lists", () => {
  expect(Object.keys(schema.kinds)).toEqual(["v1/Task", "example.org/v1/Robot", "example.org/v1/Thing"]);
  expect(describeSchema(schema)).toBe("Kubernetes 1.31.2 of https://10.0.0.1:6443");
});

test("fields of custom resources are known; what they need may have a default, which is not told", () => {
  const messages = (kind: string, value: unknown): string[] =>
    validateObject(schema, schema.kinds[kind] ?? "", value).map(({ message }) => message);
  expect(messages("v1/Task", { metadata: { name: 1 } })).toEqual([
    "size is missing",
    "metadata.name must be a text (in quotes, if it looks like a number), not a number",
  ]);
  const spec = { arms: [{ length: "1", lenght: 2 }], free: { a: { b: 1 } }, names: { a: 1 } };
  expect(messages("example.org/v1/Robot", { spec })).toEqual([
    "spec.arms[1].length must be a whole number, not a text",
    "spec.arms[1].lenght: there is no such field",
    "spec.names.a must be a text (in quotes, if it looks like a number), not a number",
  ]);
  expect(messages("example.org/v1/Robot", { spec: {} })).toEqual([]);
  expect(messages("example.org/v1/Thing", { any: 1 })).toEqual([]);
});

/** `rule line` of each finding, but for what only the original minded. */
function placesIn(...input: Parameters<typeof contextOf>): string[] {
  return runRules(contextOf(...input), ["deploy-rules-original"]).map(({ rule, line }) => `${rule} ${line}`);
}

const file = "src/web/deploy/web.yaml.template";
const robot = (kind: string, more = ""): Record<string, string> => ({
  [file]: `${soundTree[file]}---\napiVersion: example.org/v1\nkind: ${kind}\nmetadata: {name: r}\nspec: {arm: []}\n${more}`,
});

test("a cluster's custom resources are checked against what it says of them", () => {
  expect(placesIn(robot("Robot"))).toEqual([]);
  const withDeployment = { ...schema, kinds: { ...schema.kinds, "apps/v1/Deployment": "any" } };
  expect(placesIn(robot("Robot"), { schema: withDeployment })).toEqual(["unknown-field 17"]);
  const [finding] = runRules(contextOf(robot("Robto"), { schema: withDeployment }), [
    "deploy-rules-original",
  ]);
  expect(finding?.message).toBe('Kubernetes 1.31.2 has no Robto in example.org/v1; did you mean "Robot"?');
});

test("a definition in the tree wins over the cluster's, which may be older", () => {
  const definition = `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: robots.example.org}
spec: {group: example.org, names: {kind: Robot, plural: robots}, scope: Cluster, versions: []}
`;
  const kinds = {
    ...schema.kinds,
    "apps/v1/Deployment": "any",
    "apiextensions.k8s.io/v1/CustomResourceDefinition": "any",
  };
  expect(placesIn(robot("Robot", definition), { schema: { ...schema, kinds } })).toEqual([]);
});

test("an API version that the cluster still serves is not removed there", () => {
  const old = { [file]: soundTree[file].replace("apps/v1", "apps/v1beta2") };
  expect(placesIn(old)).toEqual(["removed-api 1"]);
  expect(placesIn(old, { schema: { ...schema, kinds: { "apps/v1beta2/Deployment": "any" } } })).toEqual([]);
});

test("the pods of a workload of a removed version are checked as today's", () => {
  const text = soundTree[file]
    .replace("apps/v1", "extensions/v1beta1")
    .replace("  selector:", "  rollbackTo: {revision: 1}\n  selector:")
    .replace("image:", "imagee:");
  expect(placesIn({ [file]: text })).toEqual(["removed-api 1", "unknown-field 13"]);
});
