import type { RegistryConfiguration, Service } from "@pai/model";
import { expect, test } from "vitest";
import type { PlannedService } from "./plan-service.ts";
import { completeManifests } from "./script-manifests.ts";

const registry = {
  prefix: "registry.example/pai/",
  secretName: "pai-registry",
  credentials: { username: "ops", password: "not-in-any-manifest" },
} as RegistryConfiguration;
const { credentials: _, ...open } = registry;

const manifest = `# kept
kind: DaemonSet
spec:
  template:
    spec:
      containers: [{name: main, image: registry.example/pai/a:v1}]
`;
const files = {
  "start.sh": "kubectl apply -f fixed.yaml -f unfinished.yaml\n",
  "delete.sh": "kubectl create -f delete.yaml\n",
  "rendered.yaml": manifest,
  "fixed.yaml": manifest,
  "unfinished.yaml": `NAME: [\n${manifest}`,
  "delete.yaml": manifest,
  "example.yaml": manifest,
};
const rules = [{ operator: "in", label: "pai-worker", line: 1 }];

function completed(deploy: object, by: RegistryConfiguration): Readonly<Record<string, string>> {
  const scripts = { start: { name: "start.sh", line: 1 }, delete: { name: "delete.sh", line: 2 } };
  const planned: PlannedService = {
    name: "a",
    service: { name: "a", folder: "src/a", deploy: { file: "", scripts, ...deploy } } as unknown as Service,
    files: Object.entries(files).map(([name, text]) => ({
      name,
      content: Buffer.from(text),
      mode: 0o644,
      ...(name === "rendered.yaml" ? { template: "src/a/deploy/rendered.yaml.template" } : {}),
    })),
  };
  return Object.fromEntries(
    completeManifests(planned, by).files.map(({ name, content }) => [name, content.toString()]),
  );
}

test("rendered manifests, and those that a script applies as they are, get the pull secret", () => {
  const secret = '      imagePullSecrets: [{ name: "pai-registry" }]\n      containers:';
  const withSecret = manifest.replace("      containers:", secret);
  expect(completed({}, registry)).toEqual({
    ...files,
    "rendered.yaml": withSecret,
    "fixed.yaml": withSecret,
    "delete.yaml": withSecret,
  });
});

test("manifests that a script applies as they are get the deploy-rules, clean-up jobs and others do not", () => {
  const { "fixed.yaml": fixed, ...others } = completed({ deployRules: rules }, open);
  expect(fixed).toContain("key: pai-worker");
  const { "fixed.yaml": __, ...asTheyWere } = files;
  expect(others).toEqual(asTheyWere);
});

test("without a login and rules nothing changes; what pai applies itself is completed as objects", () => {
  expect(completed({}, open)).toEqual(files);
  expect(completed({ declarative: {}, deployRules: rules }, registry)).toEqual(files);
});
