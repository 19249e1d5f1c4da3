// Everything that keeps a service from starting ends with one error that says which service, where, why and
// what to do, and leaves nothing that the next run does not repair.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { exitCodeOf, formatError, type ActionEvent } from "@pai/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  imageNamespace,
  localKubeconfig,
  makeDeployTree,
  type DeployTree,
  type Outcome,
} from "./support/cluster.ts";
import { startGate } from "./support/proxies.ts";

let tree: DeployTree;
beforeEach(async () => {
  tree = await makeDeployTree();
});
afterEach(() => tree.remove());

/** As a person reads it, without the tree's id. */
const textOf = ({ errors }: Outcome): string =>
  errors.map(formatError).join("\n").replaceAll(`${tree.namespace}-`, "");
const codesOf = ({ errors }: Outcome): unknown[] =>
  errors.map((error) => [(error as { code?: string }).code, exitCodeOf(error)]);
const objects = async (): Promise<string> =>
  (await tree.kubectl("get", "daemonsets,pods", "-n", tree.namespace, "-o", "name")).trim();

test("an unknown prerequisite is named with its line, and nothing is started", async () => {
  await tree.addService("zookeeper");
  await tree.addService("b", { needs: ["zookeper", "zookeeper"] });
  const outcome = await tree.start();
  expect(textOf(outcome)).toBe(
    `error[UNKNOWN_PREREQUISITE]: b needs "zookeper", but there is no such service
  --> src/b/deploy/service.yaml:1
  hint: did you mean "zookeeper"? correct it, or start without prerequisites: --no-deps`,
  );
  expect(codesOf(outcome)).toEqual([["UNKNOWN_PREREQUISITE", 2]]);
  expect(await objects()).toBe("");
});

test("a cycle of prerequisites is named", async () => {
  await tree.addService("a", { needs: ["b"] });
  await tree.addService("b", { needs: ["a"] });
  const outcome = await tree.start();
  expect(textOf(outcome)).toContain(
    "error[PREREQUISITE_CYCLE]: the services wait for each other: a -> b -> a",
  );
  expect(codesOf(outcome)).toEqual([["PREREQUISITE_CYCLE", 2]]);
});

test("a template that reads a missing key is named with line and column before anything is started", async () => {
  await tree.addService("a");
  await tree.addService("b", {
    needs: ["a"],
    container: "env: [{name: PORT, value: \"{{ cluster_cfg['b']['port'] }}\"}]",
  });
  const outcome = await tree.start();
  expect(textOf(outcome)).toContain(
    "error[TEMPLATE_INVALID]: render src/b/deploy/b.yaml.template: 'dict object' has no attribute 'b'\n  --> src/b/deploy/b.yaml.template:16:",
  );
  expect(codesOf(outcome)).toEqual([["TEMPLATE_INVALID", 2]]);
  expect(await objects()).toBe("");
});

const kubeconfigFor = async (server: string): Promise<string> => {
  const file = path.join(tree.root, "kubeconfig");
  const cluster = { name: "c", cluster: { server } };
  const context = { name: "elsewhere", context: { cluster: "c", user: "u" } };
  const parts = { clusters: [cluster], contexts: [context], users: [{ name: "u", user: {} }] };
  await writeFile(file, JSON.stringify({ ...parts, "current-context": "elsewhere" }));
  return file;
};

test("a kubeconfig of another cluster is refused", async () => {
  await tree.addService("a");
  const outcome = await tree.start(undefined, {
    kubeconfig: await kubeconfigFor("https://production.example:6443"),
  });
  expect(textOf(outcome)).toContain(
    "error[CLUSTER_MISMATCH]: the configuration is for the cluster https://10.77.0.1:6443",
  );
  expect(textOf(outcome)).toContain("context   elsewhere leads to https://production.example:6443");
  expect(codesOf(outcome)).toEqual([["CLUSTER_MISMATCH", 2]]);
});

test("a cluster that does not answer is named with the reason", async () => {
  await tree.addService("a");
  const server = "https://127.0.0.1:1";
  const layout = "configuration/layout.yaml";
  await tree.write({
    [layout]: `kubernetes: {api-servers-url: "${server}"}
machine-sku: {S: {mem: 1, cpu: {vcore: 1}}}
machine-list: [{hostname: pai-local, hostip: 10.77.0.1, machine-type: S, k8s-role: master, pai-master: "true"}]
`,
  });
  const outcome = await tree.start(undefined, { kubeconfig: await kubeconfigFor(server) });
  expect(textOf(outcome)).toBe(
    `error[CLUSTER_UNREACHABLE]: connect to the cluster elsewhere: no answer from the API server https://127.0.0.1:1
  caused by: connection refused (ECONNREFUSED)
  hint: is the cluster up? pai-local status`,
  );
  expect(codesOf(outcome)).toEqual([["CLUSTER_UNREACHABLE", 1]]);
});

test("a machine of the layout that is no node of the cluster is named before anything is started", async () => {
  await tree.addService("a");
  await tree.write({
    "configuration/layout.yaml": `kubernetes: {api-servers-url: "https://10.77.0.1:6443"}
machine-sku: {S: {mem: 1, cpu: {vcore: 1}}}
machine-list: [{hostname: pai-locl, hostip: 10.77.0.1, machine-type: S, k8s-role: master, pai-master: "true"}]
`,
  });
  const outcome = await tree.start();
  expect(textOf(outcome)).toBe(
    `error[CONFIG_INVALID]: machine pai-locl: the cluster has no node "pai-locl"
  --> configuration/layout.yaml
  hint: did you mean "pai-local"?`,
  );
  expect(await tree.kubectl("get", "nodes", "-o", "name")).toBe("node/pai-local\n");
});

test("an own image that is not in the registry is named with its line and the way to get it there", async () => {
  await tree.addService("a", { image: "{{ cluster_cfg['cluster']['docker-registry']['prefix'] }}absent:1" });
  await tree.write({ "src/{a}/build/absent.dockerfile": "FROM scratch\n" });
  const outcome = await tree.start();
  expect(textOf(outcome)).toBe(
    `error[IMAGE_NOT_FOUND]: a: the image 127.0.0.1:5077/${imageNamespace}/absent:1 is not in the registry
  --> src/a/deploy/a.yaml.template:14
  hint: npx nx run a:push builds it and brings it there`,
  );
  expect(await objects()).toBe("");
});

test("a registry that is down is named before anything is started", async () => {
  await tree.addService("a");
  const registry = `{domain: "127.0.0.1:9", namespace: x, tag: "1", secret-name: none}`;
  await tree.write({
    "configuration/services-configuration.yaml": `cluster: {docker-registry: ${registry}}\n`,
  });
  const outcome = await tree.start();
  expect(codesOf(outcome)).toEqual([["REGISTRY_UNREACHABLE", 1]]);
  expect(textOf(outcome)).toContain("127.0.0.1:9");
  expect(await objects()).toBe("");
});

test("a registry that goes away during a start is not missed by it, stops the next one, and is found again", async () => {
  const gate = await startGate("127.0.0.1:5077");
  try {
    // The node cannot pull by way of the gate: what is to run comes from the registry itself.
    const own = (version: number): Promise<void> =>
      tree.write({
        "src/{b}/deploy/service.yaml": 'prerequisite: ["{a}"]\ntemplate-list: [b.yaml]\n',
        "src/{b}/deploy/b.yaml.template": `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{b}", namespace: {ns}, annotations: {version: "${version}"}}
spec:
  replicas: 0
  selector: {matchLabels: {app: "{b}"}}
  template:
    metadata: {labels: {app: "{b}"}}
    spec: {containers: [{name: main, image: "${gate.host}/${imageNamespace}/box:1"}]}
`,
      });
    const find = (jsonpath: string): Promise<string> =>
      tree.kubectl("get", "deployment", "-n", tree.namespace, tree.name("b"), "-o", `jsonpath={${jsonpath}}`);
    await tree.addService("a", { image: `127.0.0.1:5077/${imageNamespace}/box:1` });
    await own(1);
    const registry = `{domain: "${gate.host}", namespace: ${imageNamespace}, tag: "1", secret-name: none}`;
    await tree.write({
      "configuration/services-configuration.yaml": `cluster: {docker-registry: ${registry}}\n`,
    });
    const events: ActionEvent[] = [];
    const report = (event: ActionEvent): void => {
      if (event.type === "started" && event.service === tree.name("a")) gate.shut();
      if (event.type === "finished") events.push(event);
    };
    expect(textOf(await tree.start(undefined, { report }))).toBe("");
    expect(events).toMatchObject([{ outcome: "changed" }, { outcome: "changed" }]);
    expect(await find(".spec.template.spec.containers[0].image")).toMatch(/box:1@sha256:[0-9a-f]{64}$/);

    await own(2);
    const refused = await tree.start();
    expect(codesOf(refused)).toEqual([["REGISTRY_UNREACHABLE", 1]]);
    expect(textOf(refused)).toContain(gate.host);
    expect(await find(".metadata.annotations.version")).toBe("1");

    await gate.open();
    const again = await tree.start();
    expect(textOf(again)).toBe("");
    expect(again.services).toEqual({ a: "unchanged", b: "changed" });
    expect(await find(".metadata.annotations.version")).toBe("2");
  } finally {
    gate.shut();
  }
});

test("a pod whose image does not exist ends the wait at once", async () => {
  await tree.addService("a", { image: "127.0.0.1:5077/nobody/nothing:1" });
  await tree.addService("b", { needs: ["a"] });
  const outcome = await tree.start();
  const text = textOf(outcome);
  expect(text).toContain(
    "error[NOT_READY]: a did not become ready: container main: image 127.0.0.1:5077/nobody/nothing:1: not found in the registry",
  );
  expect(text).toMatch(/where {4}DaemonSet \S+\/a, pod a-\w+ on pai-local/);
  expect(text).toContain("stopped  before: b (untouched)");
  expect(text).toContain("next     npx paictl service status -n a");
  expect(outcome.services).toEqual({ a: "failed", b: "skipped" });
  expect(codesOf(outcome)).toEqual([["NOT_READY", 1]]);
});

test("a crashing container is told with exit code and last line while waiting, and ends the wait at the third exit", async () => {
  await tree.addService("a", {
    command: "exec >&2; echo preparing; echo storage directory does not exist; exit 3",
  });
  const outcome = await tree.start();
  expect(outcome.waiting.join("\n")).toMatch(
    /container main exited with 3, twice, last line: "storage directory does not exist"/,
  );
  const text = textOf(outcome);
  expect(text).toContain("error[NOT_READY]: a did not become ready: container main: exited with 3, 3 times");
  expect(text).toContain('cause    "storage directory does not exist"');
  expect(await tree.status()).toMatchObject([
    {
      state: "not ready",
      reasons: [expect.stringMatching(/container main.* exit(?:s|ed)? .*3/)],
    },
  ]);

  // What failed is no record; corrected, the next run starts it.
  await tree.addService("a");
  expect((await tree.start()).services).toEqual({ a: "changed" });

  await tree.addService("a", { image: "127.0.0.1:5077/nobody/nothing:1" });
  expect(textOf(await tree.start())).toContain(
    "changed  since it was last ready: src/a/deploy/a.yaml.template",
  );
});

test("a missing ConfigMap is named", async () => {
  const container = "env: [{name: X, valueFrom: {configMapKeyRef: {name: settings, key: x}}}]";
  await tree.addService("a", { container });
  expect(textOf(await tree.start())).toContain(
    'a did not become ready: container main: configmap "settings" not found',
  );
});

test("a probe that says no is told, and the wait ends with the time that was given", async () => {
  const container =
    "readinessProbe: {exec: {command: [sh, -c, echo no leader yet; exit 1]}, periodSeconds: 1, timeoutSeconds: 10}";
  await tree.addService("a", { container });
  const outcome = await tree.start(undefined, { timeoutMs: 20_000 });
  expect(textOf(outcome)).toContain(
    "error[WAIT_TIMEOUT]: a was not ready after 20 s: container main: readiness probe fails: no leader yet",
  );
});

test("a DaemonSet that no node matches runs no pod, and that is said", async () => {
  const settings = "deploy-rules: [{in: no-machine-has-this}]";
  await tree.addService("a", { settings });
  const outcome = await tree.start();
  expect(outcome.events).toContainEqual({
    type: "warning",
    service: tree.name("a"),
    message: `no node matches DaemonSet ${tree.name("a")}: it runs no pod`,
  });
});

test("a failing script is named with its exit code and last lines", async () => {
  await tree.addService("a", { startScript: "echo reading x\necho x is missing >&2\nexit 7\n" });
  await tree.addService("b", { needs: ["a"] });
  await tree.addService("c");
  const outcome = await tree.start();
  const text = textOf(outcome);
  expect(text).toContain(
    "error[SCRIPT_FAILED]: a: start.sh ended with exit code 7\n  --> src/a/deploy/start.sh",
  );
  expect(text).toContain("x is missing");
  expect(text).toContain("stopped  before: b (untouched)");
  expect(outcome.services).toEqual({ a: "failed", b: "skipped", c: "changed" });
});

test("an object that the API server refuses is a failing script with kubectl's words", async () => {
  await tree.addService("a", { container: "imagePulPolicy: Always" });
  const text = textOf(await tree.start());
  expect(text).toContain("error[SCRIPT_FAILED]: a: start.sh ended with exit code 1");
  expect(text).toContain('unknown field "spec.template.spec.containers[0].imagePulPolicy"');
});

test("paictl ends with 130 on Ctrl-C in the middle of a wait, and the next run finishes the work", async () => {
  const container = "readinessProbe: {exec: {command: [cat, /ready]}, periodSeconds: 1}";
  await tree.addService("a", { command: "sleep 15; mkdir /ready; sleep 100000", container });
  const main = path.join(import.meta.dirname, "../tools/paictl/src/main.ts");
  const argv = [
    "service",
    "start",
    "-p",
    "configuration",
    "--root",
    tree.root,
    "-c",
    localKubeconfig,
    "-n",
    tree.name("a"),
  ];
  const child = spawn(process.execPath, [main, ...argv], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  let interrupted = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (stderr.includes("not ready") && !interrupted) interrupted = child.kill("SIGINT");
  });
  const [code] = (await once(child, "close")) as [number];
  expect(code).toBe(130);
  expect(stderr).toContain("error[INTERRUPTED]: start: interrupted");
  expect(await tree.status()).toMatchObject([{ state: "not ready" }]);

  await tree.addService("a");
  expect((await tree.start()).services).toEqual({ a: "changed" });
});
