// docs/rbac.yaml is what a deployment needs: everything is done once with exactly these rights.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { formatError, type ActionEvent } from "@pai/core";
import {
  deleteServices,
  serviceEvents,
  serviceLogs,
  serviceStatus,
  startServices,
  stopServices,
} from "@pai/actions/deploy";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeDeployTree, type DeployTree } from "./support/cluster.ts";

let tree: DeployTree;
let kubeconfig: string;

beforeAll(async () => {
  tree = await makeDeployTree();
  const file = path.join(import.meta.dirname, "../docs/rbac.yaml");
  const text = (await readFile(file, "utf8")).replaceAll("pai-deploy", `${tree.namespace}-deploy`);
  await tree.write({ "rbac.yaml": text });
  await tree.kubectl("apply", "-f", path.join(tree.root, "rbac.yaml"));
  kubeconfig = path.join(tree.root, "kubeconfig");
  const account = `${tree.namespace}-deploy`;
  const token = (await tree.kubectl("create", "token", "-n", "default", account)).trim();
  const view = JSON.parse(await tree.kubectl("config", "view", "--raw", "--minify", "-o", "json")) as {
    clusters: { name: string }[];
  };
  const context = { name: "least", context: { cluster: view.clusters[0]?.name, user: account } };
  const users = [{ name: account, user: { token } }];
  await writeFile(
    kubeconfig,
    JSON.stringify({ ...view, users, contexts: [context], "current-context": "least" }),
  );
});
afterAll(async () => {
  await tree.kubectl("delete", "-f", path.join(tree.root, "rbac.yaml"), "--ignore-not-found");
  await tree.remove();
});

test("a script's and a declarative service are started, looked at, changed, stopped and deleted", async () => {
  await tree.addService("a");
  const declarative = async (command: string): Promise<void> => {
    await tree.addService("b", { needs: ["a"], command });
    await tree.write({ "src/{b}/deploy/service.yaml": 'prerequisite: ["{a}"]\ntemplate-list: [b.yaml]\n' });
  };
  await declarative("echo hello; sleep 100000");
  const events: ActionEvent[] = [];
  const target = {
    root: tree.root,
    configuration: "configuration",
    kubeconfig,
    withPrerequisites: true,
    report: (event: ActionEvent): void => void events.push(event),
    signal: new AbortController().signal,
  };
  const outcome = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "",
      (error: unknown) => formatError(error),
    );
  expect(await outcome(startServices(target))).toBe("");
  expect(await serviceStatus(target)).toMatchObject([{ state: "ready" }, { state: "ready" }]);
  const lines: string[] = [];
  await serviceLogs({ ...target, follow: false, previous: false, onLine: ({ text }) => lines.push(text) });
  expect(lines).toEqual(["hello"]);
  expect(await serviceEvents(target)).not.toEqual([]);
  await declarative("sleep 99999");
  expect(await outcome(startServices(target))).toBe("");
  expect(await outcome(stopServices(target))).toBe("");
  expect(await outcome(deleteServices(target))).toBe("");
  expect(events.filter(({ type }) => type === "warning")).toEqual([]);
});

test("without them, what is denied is said in the API server's words", async () => {
  await tree.kubectl("delete", "clusterrole", `${tree.namespace}-deploy-services`);
  const work = serviceEvents({
    root: tree.root,
    configuration: "configuration",
    kubeconfig,
    report: () => {},
    signal: new AbortController().signal,
  });
  await expect(work).rejects.toMatchObject({
    code: "CLUSTER_DENIED",
    message: expect.stringMatching(
      /daemonsets\.apps .*is forbidden: User "system:serviceaccount:default:\S+-deploy"/,
    ),
  });
});
