// `paictl service delete` on a terminal: it says where and what it would delete before it asks.
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localKubeconfig, localServer, makeDeployTree, type DeployTree } from "./support/cluster.ts";
import { runOnTerminal, type TerminalRun } from "./support/terminal.ts";

let tree: DeployTree;
beforeAll(async () => {
  tree = await makeDeployTree();
});
afterAll(() => tree.remove());

const paictl = path.join(import.meta.dirname, "../tools/paictl/src/bin.js");
const deleteOnTerminal = (...more: readonly string[]): TerminalRun => {
  const argv = ["service", "delete", "-p", "configuration", "--root", tree.root, "-c", localKubeconfig];
  return runOnTerminal([process.execPath, paictl, ...argv, ...more], { cwd: tree.root, columns: 200 });
};
const linesOf = (run: TerminalRun): string[] =>
  run.screen().map((line) => line.replaceAll(`${tree.namespace}-`, "").trimEnd());
const left = async (): Promise<string[]> => {
  const kinds = "daemonsets,configmaps,persistentvolumeclaims";
  const text = await tree.kubectl("get", kinds, "-n", tree.namespace, "-o", "name");
  return text.split("\n").filter((name) => name !== "" && !name.endsWith("/kube-root-ca.crt"));
};

const data = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: {ns}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: {ns}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
`;

test("names the cluster and what goes, also of services that never got ready, and deletes after a yes", async () => {
  const image = "127.0.0.1:5077/nobody/nothing:1";
  for (const short of ["a", "d"]) await tree.addService(short, { image });
  await tree.addService("idle");
  await tree.write({
    "src/{d}/deploy/service.yaml": "template-list: [d.yaml, data.yaml]\n",
    "src/{d}/deploy/data.yaml.template": data,
  });
  expect((await tree.start(["a", "d"])).services).toEqual({ a: "failed", d: "failed" });
  const before = await left();
  expect(before).toHaveLength(4);

  const context = (await tree.kubectl("config", "current-context")).trim();
  const cluster = new RegExp(`cluster ${context} \\(${localServer}(?:, id \\S+)?\\)`).source;
  const refused = deleteOnTerminal();
  await refused.waitFor("(Y/N)");
  refused.type("n\n");
  expect(await refused.ended).toBe(0);
  const lines = linesOf(refused);
  const { namespace } = tree;
  expect(lines).toEqual([
    expect.stringMatching(new RegExp(`^${cluster}$`)),
    "idle",
    "  has nothing in the cluster",
    "d",
    expect.stringMatching(/^ {2}deletes {3}/),
    `  keeps     PersistentVolumeClaim ${namespace}/data`,
    "a",
    "  runs      src/a/deploy/delete.sh, which takes its data away",
    `  deletes   DaemonSet ${namespace}/a`,
    expect.stringMatching(
      new RegExp(`^Delete idle, d, a and all that is named above from the ${cluster}\\? \\(Y/N\\) n$`),
    ),
    "nothing was deleted",
  ]);
  expect(lines[4]).toContain(`DaemonSet ${namespace}/d`);
  expect(lines[4]).toContain(`ConfigMap ${namespace}/settings`);
  expect(await left()).toEqual(before);

  const agreed = deleteOnTerminal();
  await agreed.waitFor("(Y/N)");
  agreed.type("y\n");
  expect(await agreed.ended).toBe(0);
  expect(await left()).toEqual(["persistentvolumeclaim/data"]);
});

test("a cluster that is not meant is refused before anything is asked", async () => {
  const run = deleteOnTerminal("--cluster-id", `${tree.namespace}-no`);
  expect(await run.ended).toBe(2);
  expect(linesOf(run).join("\n")).toContain("error[CLUSTER_MISMATCH]: the id of the cluster");
  expect(linesOf(run).join("\n")).not.toContain("(Y/N)");
});
