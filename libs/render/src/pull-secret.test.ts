import { parseManifestYaml } from "@pai/model";
import { expect, test } from "vitest";
import { injectPullSecret, withPullSecret } from "./pull-secret.ts";

const credentials = { username: "ops", password: "not-in-any-manifest" };
const registry = { prefix: "registry.example/pai/", secretName: "pai-registry", credentials };
const imagePullSecrets = [{ name: "pai-registry" }];
const own = { containers: [{ name: "main", image: "registry.example/pai/hbase:v1" }] };
const deployment = (spec: unknown) => ({ kind: "Deployment", spec: { template: { spec } } });
const inject = (text: string) => injectPullSecret(text, "a.yaml", registry);
const valuesOf = (text: string) => parseManifestYaml(text, "a.yaml").map(({ value }) => value);

test("a workload with an own image and no pull secret gets the configured one", () => {
  expect(withPullSecret(deployment(own), registry)).toEqual(deployment({ ...own, imagePullSecrets }));
  expect(withPullSecret({ kind: "Pod", spec: own }, registry)).toEqual({
    kind: "Pod",
    spec: { ...own, imagePullSecrets },
  });
  const first = { containers: [{ image: "busybox" }], initContainers: own.containers };
  expect(withPullSecret(deployment(first), registry)).toEqual(deployment({ ...first, imagePullSecrets }));
  const job = { spec: { template: { spec: own } } };
  expect(withPullSecret({ kind: "CronJob", spec: { jobTemplate: job } }, registry)).toMatchObject({
    spec: { jobTemplate: { spec: { template: { spec: { imagePullSecrets } } } } },
  });
});

test.each([
  ["names one itself", deployment({ ...own, imagePullSecrets: [{ name: "mine" }] })],
  ["says that it needs none", deployment({ ...own, imagePullSecrets: [] })],
  ["runs an image from elsewhere", deployment({ containers: [{ image: "registry.example/other/a" }] })],
  ["has no pods", { kind: "ConfigMap", data: { image: "registry.example/pai/hbase:v1" } }],
])("what %s stays as it is", (_, value) => {
  expect(withPullSecret(value, registry)).toBe(value);
});

const text = `# the service
apiVersion: v1
kind: ConfigMap
metadata: {name: a}   # stays
--- # its pods
apiVersion: batch/v1
kind: CronJob
metadata:
  name: b
  namespace: %NAMESPACE%
spec:
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:   # one
          - name: main
            image: registry.example/pai/hbase:v1 # sed looks for this
---
kind: Deployment
spec: {template: {spec: {containers: [{image: "registry.example/pai/hbase:v1"}]}}}
---
kind: Deployment
spec: {template: {spec: {containers: [{image: busybox}]}}} # foreign
`;

test("one line is added to the text, and every other byte stays, comments among them", () => {
  const expected = text
    .replace(
      "          containers:   # one",
      '          imagePullSecrets: [{ name: "pai-registry" }]\n          containers:   # one',
    )
    .replace(
      'spec: {containers: [{image: "',
      'spec: {"imagePullSecrets": [{ "name": "pai-registry" }], containers: [{image: "',
    );
  expect(inject(text)).toBe(expected);
  expect(inject(expected)).toBe(expected);
});

test("JSON stays JSON, and objects of a List are completed where they stand", () => {
  const list = { kind: "List", items: [deployment(own), { kind: "Service" }, deployment(own)] };
  const expected = withPullSecret(list, registry);
  expect(expected.items[2]).toEqual(deployment({ ...own, imagePullSecrets }));
  for (const json of [JSON.stringify(list), JSON.stringify(list, undefined, 2)])
    expect(JSON.parse(injectPullSecret(json, "a.json", registry))).toEqual(expected);
});

test("a pod spec that is written once for two objects is completed for the one that needs it, too", () => {
  const shared = `kind: List
items:
- kind: Deployment
  spec: &spec
    template: {spec: {containers: [{image: registry.example/pai/hbase:v1}]}}
- kind: ConfigMap
  spec: *spec
`;
  expect(valuesOf(inject(shared))).toEqual(valuesOf(shared).map((value) => withPullSecret(value, registry)));
});

test("without a login, and in what is no manifest, nothing changes", () => {
  const { credentials: _, ...open } = registry;
  expect(injectPullSecret(text, "a.yaml", open)).toBe(text);
  expect(injectPullSecret(text, "start.sh", registry)).toBe(text);
  const unfinished = `{{ sed puts something here }}: [\n${text}`;
  expect(inject(unfinished)).toBe(unfinished);
});
