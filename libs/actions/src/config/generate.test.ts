import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseYaml } from "@pai/model";
import { expect, onTestFinished, test } from "vitest";
import { formatConfiguration, generateConfiguration, sketchCluster } from "./generate.ts";

const valuesOf = (machines: readonly string[]): unknown => {
  const text = formatConfiguration(sketchCluster({ machines })).get("layout.yaml") ?? "";
  return plain(parseYaml(text, "layout.yaml").value);
};
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  return value;
};

test("the first machine is the master and the others are workers", () => {
  expect(valuesOf(["m1=10.0.0.1", "w1=10.0.0.2"])).toMatchObject({
    kubernetes: { "api-servers-url": "https://10.0.0.1:6443" },
    "machine-list": [
      { hostname: "m1", nodename: "m1", hostip: "10.0.0.1", "k8s-role": "master", "pai-master": "true" },
      { hostname: "w1", hostip: "10.0.0.2", "k8s-role": "worker", "pai-worker": "true" },
    ],
  });
});

test("a single machine is master and worker, and has its address for a name if it has none", () => {
  expect(valuesOf(["10.0.0.1"])).toMatchObject({
    "machine-list": [{ hostname: "10.0.0.1", "pai-master": "true", "pai-worker": "true" }],
  });
});

test.each([
  [[], "there is no machine"],
  [["m1"], '"m1" is no machine'],
  [["m1=10.0.0.300"], '"m1=10.0.0.300" is no machine'],
  [["m1=10.0.0.1", "m1=10.0.0.2"], "two machines have the hostname m1"],
  [["m1=10.0.0.1", "m2=10.0.0.1"], "two machines have the address 10.0.0.1"],
])("machines %j are refused", (machines, message) => {
  expect(() => sketchCluster({ machines })).toThrow(message);
});

test("each file names the JSON Schema that an editor checks it by", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "generate-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const folder = "deep/configuration";
  const sketch = sketchCluster({ machines: ["10.0.0.1"] });
  for (const { file } of await generateConfiguration({ root, folder, sketch, force: false })) {
    const text = await readFile(path.join(root, file), "utf8");
    const [, relative = ""] = /^# yaml-language-server: \$schema=(.+)\n/.exec(text) ?? [];
    const schema = await readFile(path.resolve(root, folder, relative), "utf8");
    expect(JSON.parse(schema)).toMatchObject({ title: path.basename(file) });
  }
});
