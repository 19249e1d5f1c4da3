// Starting, stopping, deleting and refreshing services on the real cluster.
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommand } from "./support/cli.ts";
import { localKubeconfig, makeDeployTree, textOf, type DeployTree } from "./support/cluster.ts";
import { requestsDuring } from "./support/requests.ts";

let tree: DeployTree;
beforeEach(async () => {
  tree = await makeDeployTree();
});
afterEach(() => tree.remove());

test("services start in the order of their prerequisites, and a second start changes nothing", async () => {
  await tree.addService("a");
  await tree.addService("b", { needs: ["a"] });
  await tree.addService("c", { needs: ["b"] });
  const before = await readdir(path.join(tree.root, "src", tree.name("a"), "deploy"));

  const first = await tree.start(["c"]);
  expect(textOf(first)).toBe("");
  expect(Object.entries(first.services)).toEqual([
    ["a", "changed"],
    ["b", "changed"],
    ["c", "changed"],
  ]);
  const finished = (name: string) =>
    first.events.findIndex((event) => event.type === "finished" && event.service === tree.name(name));
  const started = (name: string) =>
    first.events.findIndex((event) => event.type === "started" && event.service === tree.name(name));
  expect(finished("a")).toBeLessThan(started("b"));
  expect(finished("b")).toBeLessThan(started("c"));
  const uids = await Promise.all(["a", "b", "c"].map(tree.podUids));

  const second = await tree.start(["c"]);
  expect(second.services).toEqual({ a: "unchanged", b: "unchanged", c: "unchanged" });
  expect(second.events.filter(({ type }) => type === "output")).toEqual([]);
  expect(await Promise.all(["a", "b", "c"].map(tree.podUids))).toEqual(uids);

  // Rendered files are in dist, with the image pinned to its digest; nothing is written to src.
  const rendered = await readFile(path.join(tree.root, "dist", tree.name("a"), "deploy", "a.yaml"), "utf8");
  expect(rendered).toMatch(/image: 127\.0\.0\.1:5077\/pai-deploy-test\/box:1@sha256:[0-9a-f]{64}$/m);
  expect(await readdir(path.join(tree.root, "src", tree.name("a"), "deploy"))).toEqual(before);
  expect(await tree.status(["a"])).toMatchObject([{ state: "ready", pods: "1/1 pods" }]);
});

test("what somebody changed or deleted is put right by the next start, and only that", async () => {
  await tree.addService("a");
  await tree.addService("b");
  expect(textOf(await tree.start())).toBe("");
  const kept = await tree.podUids("b");
  await tree.kubectl("delete", "daemonset", "-n", tree.namespace, tree.name("a"));
  expect((await tree.start()).services).toEqual({ a: "changed", b: "unchanged" });
  await tree.kubectl("set", "env", "-n", tree.namespace, `daemonset/${tree.name("a")}`, "FOREIGN=1");
  expect(await tree.status(["a"])).toMatchObject([
    {
      reasons: expect.arrayContaining([
        expect.stringMatching(
          new RegExp(`DaemonSet \\S+${tree.name("a")} was changed after the start by kubectl-set at 2`),
        ),
      ]),
    },
  ]);
  expect((await tree.start()).services).toEqual({ a: "changed", b: "unchanged" });
  expect(await tree.podUids("b")).toEqual(kept);
});

test("requests are counted by kinds, not by objects: an unchanged start lists, a stop watches", async () => {
  const configMaps = Array.from(
    { length: 40 },
    (_, index) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: many-${index}, namespace: {ns}}\ndata: {a: b}\n`,
  );
  const startScript = 'cd "$(dirname "$0")" && kubectl apply -f a.yaml -f many.yaml || exit $?\n';
  await tree.addService("a", { command: "trap '' TERM; while true; do sleep 1; done", startScript });
  await tree.write({ "src/{a}/deploy/many.yaml": configMaps.join("---\n") });
  const template = path.join(tree.root, "src", tree.name("a"), "deploy/a.yaml.template");
  const text = await readFile(template, "utf8");
  await writeFile(template, text.replace("PeriodSeconds: 0", "PeriodSeconds: 5"));
  expect(textOf(await tree.start())).toBe("");
  const inNamespace = async (work: () => Promise<unknown>): Promise<string[]> =>
    (await requestsDuring(work)).filter((each) => each.includes(`/namespaces/${tree.namespace}/`));
  const daemonSet = `GET /apis/apps/v1/namespaces/${tree.namespace}/daemonsets/${tree.name("a")}`;

  const unchanged = await inNamespace(async () => {
    expect((await tree.start()).services).toEqual({ a: "unchanged" });
  });
  expect(unchanged.toSorted()).toEqual([`GET /api/v1/namespaces/${tree.namespace}/configmaps`, daemonSet]);

  const stopped = await inNamespace(async () => {
    const { services, waiting } = await tree.stop();
    expect(services).toEqual({ a: "changed" });
    expect(waiting.join("\n")).toMatch(/Pod \S+ still ending/);
  });
  // Before and after the script; the wait is one list and one watch, and a last list.
  expect(stopped.filter((each) => each === daemonSet)).toHaveLength(2);
  expect(stopped.filter((each) => each.endsWith("/daemonsets"))).toHaveLength(3);
  expect(stopped.filter((each) => each.endsWith("/pods"))).toHaveLength(3);
});

test("a changed template changes its service and restarts no other", async () => {
  await tree.addService("a");
  await tree.addService("b", { needs: ["a"] });
  await tree.start();
  const [a, b] = await Promise.all(["a", "b"].map(tree.podUids));
  await tree.addService("b", { needs: ["a"], command: "sleep 99999" });
  const outcome = await tree.start();
  expect(outcome.services).toEqual({ a: "unchanged", b: "changed" });
  expect(await tree.podUids("a")).toEqual(a);
  expect(await tree.podUids("b")).not.toEqual(b);
});

test("stop goes against the order of the start, and a second stop changes nothing", async () => {
  await tree.addService("a");
  await tree.addService("b", { needs: ["a"] });
  await tree.addService("c", { needs: ["b"] });
  await tree.start();

  const warned = await tree.stop(["b"]);
  expect(warned.services).toEqual({ b: "changed" });
  expect(warned.events).toContainEqual({
    type: "warning",
    message: `${tree.name("c")} keeps running and needs ${tree.name("b")}`,
  });
  const first = await tree.stop();
  expect(Object.entries(first.services)).toEqual([
    ["c", "changed"],
    ["b", "unchanged"],
    ["a", "changed"],
  ]);
  expect(await tree.kubectl("get", "pods", "-n", tree.namespace, "-o", "name")).toBe("");
  expect((await tree.stop()).services).toEqual({ c: "unchanged", b: "unchanged", a: "unchanged" });
  expect(await tree.status(["a"])).toMatchObject([{ state: "stopped" }]);
});

test("delete runs the delete-scripts against the order of the start and forgets the services", async () => {
  await tree.addService("a");
  await tree.addService("b", { needs: ["a"] });
  await tree.start();
  await tree.stop(["b"]);
  const outcome = await tree.delete();
  expect(Object.entries(outcome.services)).toEqual([
    ["b", "changed"],
    ["a", "changed"],
  ]);
  expect(outcome.events).toContainEqual({
    type: "output",
    service: tree.name("b"),
    line: "data of b deleted",
  });
  expect(await tree.status()).toMatchObject([{ state: "not started" }, { state: "not started" }]);
  expect((await tree.delete()).services).toEqual({ b: "unchanged", a: "unchanged" });
});

test("refresh acts only on what differs, and waits; the next start still knows its own work", async () => {
  await tree.addService("a");
  await tree.start();
  expect((await tree.refresh()).services).toEqual({ a: "unchanged" });
  await tree.kubectl("delete", "daemonset", "-n", tree.namespace, tree.name("a"));
  expect((await tree.refresh()).services).toEqual({ a: "changed" });
  expect((await tree.start()).services).toEqual({ a: "unchanged" });
});

test("nodes get the labels of the layout, and lose those that it no longer has", async () => {
  const label = `${tree.namespace}-role`;
  const layout = (labels: string) => `kubernetes: {api-servers-url: "https://10.77.0.1:6443"}
machine-sku: {S: {mem: 1, cpu: {vcore: 1}}}
machine-list:
- {hostname: pai-local, hostip: 10.77.0.1, machine-type: S, k8s-role: master, pai-master: "true", pai-worker: "true"${labels}}
`;
  const labelled = (): Promise<string> => tree.kubectl("get", "nodes", "-l", `${label}=true`, "-o", "name");
  await tree.addService("a", { settings: `deploy-rules: [{in: ${label}}]` });
  await tree.write({ "configuration/layout.yaml": layout(`, ${label}: "true"`) });
  expect(textOf(await tree.start())).toBe("");
  expect(await labelled()).toBe("node/pai-local\n");
  expect(await tree.podUids("a")).toHaveLength(1);
  await tree.write({ "configuration/layout.yaml": layout("") });
  await tree.refresh();
  expect(await labelled()).toBe("");
});

test("scripts reach the chosen cluster, whatever the kubeconfig's current context is, and leave it so", async () => {
  const elsewhere = path.join(tree.root, "elsewhere");
  const parts = {
    clusters: [{ name: "elsewhere", cluster: { server: "https://production.example:6443" } }],
    contexts: [{ name: "elsewhere", context: { cluster: "elsewhere", user: "elsewhere" } }],
    users: [{ name: "elsewhere", user: {} }],
  };
  const kubeconfig = JSON.stringify({ ...parts, "current-context": "elsewhere" });
  await writeFile(elsewhere, kubeconfig);
  await tree.addService("a", {
    startScript: `kubectl config use-context elsewhere >/dev/null; kubectl config use-context pai >/dev/null
kubectl config view --minify -o 'jsonpath={.clusters[0].cluster.server}{"\\n"}'
echo "$PAI_SERVICE in $PWD"
cd "$(dirname "$0")" && kubectl apply -f a.yaml
`,
  });
  const main = path.join(import.meta.dirname, "../tools/paictl/src/main.ts");
  const argv = [
    main,
    "service",
    "start",
    "-p",
    "configuration",
    "--root",
    tree.root,
    "--service-list",
    tree.name("a"),
  ];
  const env = { ...process.env, KUBECONFIG: `${elsewhere}:${localKubeconfig}` };
  const { code, stderr } = await runCommand(process.execPath, argv, { cwd: "/", env });
  expect(stderr).toContain("│ https://10.77.0.1:6443");
  expect(stderr).toContain(`│ ${tree.name("a")} in ${tree.root}`);
  expect(code).toBe(0);
  expect(await readFile(elsewhere, "utf8")).toBe(kubeconfig);
});

test("a secret of the configuration is hidden in what scripts print", async () => {
  await tree.addService("a", { startScript: "echo token is s3cret-value\n" });
  await tree.write({ "src/{a}/config/{a}.yaml": "token: s3cret-value\n" });
  const outcome = await tree.start();
  expect(outcome.events).toContainEqual({ type: "output", service: tree.name("a"), line: "token is ***" });
  expect(JSON.stringify(outcome.events)).not.toContain("s3cret-value");
});
