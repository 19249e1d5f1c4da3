// What paictl check knows from the cluster of the configuration, and that it does without.
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "./support/cli.ts";
import { localKubeconfig, makeDeployTree, type DeployTree } from "./support/cluster.ts";

const main = path.resolve(import.meta.dirname, "../tools/paictl/src/main.ts");
const group = `t${randomBytes(4).toString("hex")}.example.org`;
let tree: DeployTree;

beforeAll(async () => {
  tree = await makeDeployTree();
  await tree.write({
    "definition.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: "robots.${group}"}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: Robot, plural: robots, singular: robot}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, required: [arms, legs], properties: {arms: {type: integer}, legs: {type: integer, default: 2}}}
`,
    "src/{a}/deploy/service.yaml": "template-list: [robot.yaml]\nstart-script: start.sh\n",
    "src/{a}/deploy/start.sh": "#!/bin/bash\nkubectl apply -f robot.yaml\n",
    "src/{a}/deploy/robot.yaml.template": `apiVersion: ${group}/v1
kind: Robot
metadata: {name: r, namespace: {ns}}
spec: {arms: 1, amrs: 2}
`,
  });
  await tree.kubectl("apply", "-f", path.join(tree.root, "definition.yaml"));
  await tree.kubectl("wait", "--for=condition=Established", `crd/robots.${group}`);
});
afterAll(async () => {
  await tree.kubectl("delete", "crd", `robots.${group}`, "--ignore-not-found", "--wait=false");
  await tree.remove();
});

async function check(kubeconfig: string, ...args: string[]): Promise<{ rules: string[]; schema: string }> {
  const { stdout, stderr } = await runCommand(
    process.execPath,
    [main, "check", "--format", "json", "--kubeconfig", kubeconfig, ...args],
    { cwd: tree.root },
  );
  expect(stderr).toBe("");
  const { findings, schema } = JSON.parse(stdout) as {
    readonly findings: readonly { readonly rule: string; readonly level: string; readonly message: string }[];
    readonly schema: string;
  };
  const rules = findings
    .filter(({ level }) => level === "error")
    .map(({ rule, message }) => `${rule}: ${message}`);
  return { rules, schema };
}

test("custom resources are checked as the cluster knows them, and it is said which", async () => {
  // The API server describes a new definition a moment after it has accepted it.
  await expect
    .poll(() => check(localKubeconfig), { timeout: 60_000, interval: 1000 })
    .toEqual({
      rules: ["unknown-field: spec.amrs: there is no such field"],
      schema: "Kubernetes 1.34.4 of https://10.77.0.1:6443",
    });
});

test("without an answer, or --offline, the bundled API is what counts", async () => {
  const bundled = { rules: [], schema: "Kubernetes 1.34.4 bundled" };
  expect(await check(localKubeconfig, "--offline")).toEqual(bundled);
  const broken = path.join(tree.root, "kubeconfig");
  await writeFile(broken, "server: https://10.77.0.1:6443\n");
  expect(await check(broken)).toEqual(bundled);
});
