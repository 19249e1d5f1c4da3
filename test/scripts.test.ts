// Scripts as OpenPAI has them: the helpers of its own tools that they call, the copy of the deploy folder that they
// run in, and what keeps a stop from running or does not.
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ActionEvent } from "@pai/core";
import { upgradeManifests } from "@pai/render";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  imageNamespace,
  localServer,
  makeDeployTree,
  textOf,
  type DeployTree,
  type Outcome,
} from "./support/cluster.ts";
import { startGate } from "./support/proxies.ts";

let tree: DeployTree;
beforeEach(async () => {
  tree = await makeDeployTree();
});
afterEach(() => tree.remove());

const helper = "python -m k8sPaiLibrary.monitorTool.check_pod_ready_status";
const linesOf = ({ events }: Outcome): string[] =>
  events.flatMap((event) => (event.type === "output" ? [event.line] : []));
const warningsOf = ({ events }: Outcome): string[] =>
  events.flatMap((event) => (event.type === "warning" ? [event.message] : []));

test("a wait in the middle of a script waits by the rules of a start, and Python stays Python", async () => {
  await tree.addService("a", {
    command: "sleep 5; : > /ready; sleep 100000",
    container: 'readinessProbe: {exec: {command: [sh, -c, "[ -f /ready ]"]}, periodSeconds: 1}',
    startScript: `cd "$(dirname "$0")" || exit
kubectl apply -f a.yaml
${helper} -k app -v {a} && exit 9
${helper} -w -k app -v {a} -t 60 || exit $?
python -m k8sPaiLibrary.monitorTool.check_node_label_exist -k kubernetes.io/os -v linux || exit 8
python -m k8sPaiLibrary.monitorTool.check_node_label_exist -k kubernetes.io/os -v plan9 && exit 7
python3 -c 'print("python itself")'
`,
  });
  const outcome = await tree.start(undefined, { pin: false });
  expect(textOf(outcome)).toBe("");
  const image = "jsonpath={.spec.template.spec.containers[0].image}";
  expect(await tree.kubectl("get", "ds", "-n", tree.namespace, tree.name("a"), "-o", image)).toBe(
    `127.0.0.1:5077/${imageNamespace}/box:1`,
  );
  const lines = linesOf(outcome).join("\n").replaceAll(tree.name("a"), "a");
  expect(lines).toMatch(/a is not ready yet: .+\na is ready!\npython itself$/);
  expect(outcome.services).toEqual({ a: "changed" });
});

test("a wait in a script ends early, with the cause", async () => {
  await tree.addService("a", {
    container: "env: [{name: A, valueFrom: {configMapKeyRef: {name: nowhere, key: a}}}]",
    startScript: `cd "$(dirname "$0")" || exit
kubectl apply -f a.yaml
${helper} -w -k app -v {a} || { kubectl delete -f a.yaml; exit 1; }
echo never
`,
  });
  const started = performance.now();
  const outcome = await tree.start();
  expect(textOf(outcome)).toMatch(/^error\[NOT_READY\].*/);
  expect(textOf(outcome)).toContain('configmap "nowhere" not found');
  expect(linesOf(outcome)).not.toContain("never");
  const page = outcome.events.flatMap((event) => (event.type === "report" ? [event.path] : []))[0] ?? "";
  // Looked at before the script deleted it.
  const kept = await readdir(path.join(tree.root, path.dirname(page)), { recursive: true });
  expect(kept.filter((file) => /Pod\W.*\.yaml$/.test(file))).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(60_000);
});

test("a wait for pods that nobody makes says so", async () => {
  await tree.addService("a", { startScript: `${helper} -w -k app -v {a} -t 2 || exit 3\n` });
  const outcome = await tree.start();
  expect(textOf(outcome)).toContain("start.sh ended with exit code 3");
  expect(textOf(outcome)).toContain(
    `${tree.name("a")} is not ready yet: no workload makes pods with the label app=${tree.name("a")}`,
  );
});

test("what is written in place of removed API versions is what the API server takes", async () => {
  const old = await readFile(path.join(import.meta.dirname, "fixtures/removed-apis.yaml"), "utf8");
  const { text, upgrades } = upgradeManifests(old, "old.yaml");
  const file = path.join(tree.root, "new.yaml");
  await writeFile(file, text);
  const said = await tree.kubectl(
    "apply",
    "--dry-run=server",
    "--validate=strict",
    "-n",
    tree.namespace,
    "-f",
    file,
  );
  expect(said.trim().split("\n")).toHaveLength(upgrades.length);
  expect(said).toContain("horizontalpodautoscaler.autoscaling/h created (server dry run)");
});

test("a stop needs only what its script uses; a delete pins the images that it applies", async () => {
  await tree.addService("a");
  const folder = "src/{a}/deploy";
  const shell = `127.0.0.1:5077/${imageNamespace}/box:1`;
  await tree.write({
    [`${folder}/service.yaml`]: `template-list: [a.yaml, delete.yaml, notes.yaml]
start-script: start.sh
stop-script: stop.sh
delete-script: delete.sh
`,
    [`${folder}/notes.yaml.template`]: "a: 1\n",
    [`${folder}/delete.yaml.template`]: `apiVersion: v1
kind: Pod
metadata: {name: "{a}-clean", namespace: {ns}}
spec: {restartPolicy: Never, containers: [{name: main, image: "${shell}", command: [sh, -c, "true"]}]}
`,
    [`${folder}/delete.sh`]: `cd "$(dirname "$0")" && kubectl delete -f a.yaml && kubectl apply -f delete.yaml`,
  });
  expect(textOf(await tree.start())).toBe("");
  await tree.write({ [`${folder}/notes.yaml.template`]: "{{ cluster_cfg['nobody']['port'] }}\n" });
  const stopped = await tree.stop();
  expect(textOf(stopped)).toBe("");
  expect(warningsOf(stopped).join("\n")).toContain(
    "notes.yaml cannot be rendered, and the stop-script does not need it: render src/",
  );
  expect(stopped.services).toEqual({ a: "changed" });
  await tree.write({ [`${folder}/a.yaml.template`]: "{{ cluster_cfg['nobody']['port'] }}\n" });
  const refused = await tree.delete();
  expect(textOf(refused)).toContain("error[TEMPLATE_INVALID]: render src/");
  await tree.write({
    [`${folder}/a.yaml.template`]: "",
    [`${folder}/delete.sh`]: `cd "$(dirname "$0")" && kubectl apply -f delete.yaml`,
  });
  expect(textOf(await tree.delete())).toBe("");
  const image = await tree.kubectl(
    "get",
    "pod",
    "-n",
    tree.namespace,
    tree.name("a-clean"),
    "-o",
    "jsonpath={.spec.containers[0].image}",
  );
  expect(image).toMatch(new RegExp(`^${shell}@sha256:[0-9a-f]{64}$`));
});

test("kubectl of a script tries an API server again that is away, says so once, and doubles nothing", async () => {
  const gate = await startGate(new URL(localServer).host);
  try {
    await tree.addService("a", {
      startScript: `cd "$(dirname "$0")" || exit
k() { kubectl -s https://${gate.host} --tls-server-name=10.77.0.1 -n {ns} "$@"; }
echo away && sleep 3
k version --request-timeout=5s >/dev/null 2>&1 && exit 9
k get namespace {ns} -o name &
k create configmap made &
k apply -f - <a.yaml &
k delete configmap nothing --ignore-not-found &
for job in $(jobs -p); do wait "$job" || exit; done
`,
    });
    const events: ActionEvent[] = [];
    const report = (event: ActionEvent): void => {
      events.push(event);
      if (event.type !== "output") return;
      if (event.line === "away") gate.shut();
      // The second tries, a second after the first, meet it shut as well; the third do not.
      if (event.line.startsWith("kubectl tries again")) setTimeout(() => void gate.open(), 2200);
    };
    const outcome = await tree.start(undefined, { report });
    expect(textOf(outcome)).toBe("");
    const lines = linesOf({ ...outcome, events }).map((line) => line.replaceAll(tree.name("a"), "a"));
    const [said, ...done] = lines.slice(1);
    expect(said).toMatch(/^kubectl tries again for up to 60 s: .*connection.* refused/);
    expect(done.toSorted()).toEqual([
      "configmap/made created",
      "daemonset.apps/a created",
      `namespace/${tree.namespace}`,
    ]);
  } finally {
    gate.shut();
  }
});
