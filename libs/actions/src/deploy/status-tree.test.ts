import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readTree } from "./status-tree.ts";

const files = {
  "configuration/layout.yaml":
    'machine-list: [{hostname: m1, hostip: 10.0.0.1, pai-master: "true", machine-type: M}]\nmachine-sku: {M: {}}\n',
  "configuration/services-configuration.yaml":
    "cluster: {docker-registry: {domain: public, namespace: pai, tag: v1, secret-name: pull}}\n",
  "src/a/deploy/service.yaml": "template-list: [a.yaml]\nstart-script: start.sh\n",
  "src/a/deploy/start.sh": "kubectl apply -f a.yaml\n",
  "src/a/deploy/a.yaml.template": "kind: ConfigMap\n",
};

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "status-tree-"));
  for (const [file, text] of Object.entries(files)) await write(file, text);
});
afterAll(() => rm(root, { recursive: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
}

const read = (): ReturnType<typeof readTree> =>
  readTree({
    root,
    configuration: "configuration",
    report: () => undefined,
    signal: new AbortController().signal,
  });

test("what a start would change is known, or it is said why not", async () => {
  const known = await read();
  expect(known.unknown).toBeUndefined();
  expect([...known.hashes.keys()]).toEqual(["a"]);

  await write("src/a/deploy/a.yaml.template", "{{ cluster_cfg['gone']['name'] }}\n");
  const broken = await read();
  expect(broken.unknown).toMatch(
    /^whether a start would change something is not known: render src\/a\/deploy\/a\.yaml\.template/,
  );
  expect([broken.hashes.size, [...broken.planned.keys()]]).toEqual([0, ["a"]]);
});
