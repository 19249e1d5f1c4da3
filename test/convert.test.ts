// Services that scripts start, made declarative as they run.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { convertService, planServices } from "@pai/actions/deploy";
import type { ActionEvent } from "@pai/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageNamespace, makeDeployTree, textOf, type DeployTree } from "./support/cluster.ts";

const registry = "127.0.0.1:5077";
let tree: DeployTree;
beforeAll(async () => {
  tree = await makeDeployTree();
});
afterAll(() => tree.remove());

/** What a start would change. */
async function changes(short: string): Promise<string[]> {
  const { services } = await planServices({
    ...tree.options([short]),
    withPrerequisites: true,
  });
  return services.flatMap(({ objects }) =>
    objects.filter(({ change }) => change !== "unchanged").map(({ ref }) => `${ref.kind} ${ref.name}`),
  );
}

test("a script's service becomes declarative without a restart, and its plan is empty", async () => {
  await tree.addService("zk", {
    startScript: `cd "$(dirname "$0")" || exit
kubectl apply -f side.yaml || exit
kubectl create configmap -n {ns} {zk} --from-file=zoo.cfg --dry-run=client -o yaml | kubectl apply -f - || exit
kubectl patch --local -f zk.yaml -o yaml --type=merge \\
  -p '{"spec":{"template":{"metadata":{"annotations":{"configuration":"abc"}}}}}' | kubectl apply -f - || exit
`,
  });
  await tree.write({
    "src/{zk}/deploy/zoo.cfg": "port=1\n",
    "src/{zk}/deploy/side.yaml": `apiVersion: v1
kind: Pod
metadata: {name: "{zk}-side", namespace: {ns}}
spec: {terminationGracePeriodSeconds: 0, containers: [{name: main, image: "${registry}/${imageNamespace}/box:1", command: [sleep, "100000"]}]}
`,
  });
  const yaml = "src/{zk}/deploy/zk.yaml.template";
  const source = await readFile(
    path.join(tree.root, `src/${tree.name("zk")}/deploy/zk.yaml.template`),
    "utf8",
  );
  await tree.write({
    [yaml]: `${source}        volumeMounts: [{name: conf, mountPath: /conf}]
      volumes: [{name: conf, configMap: {name: "{zk}"}}]
`,
  });
  expect(textOf(await tree.start(["zk"]))).toBe("");
  const pods = await tree.podUids("zk");
  const side = ["-n", tree.namespace, tree.name("zk-side"), "-o", "jsonpath={.spec.containers[0].image}"];
  expect(await tree.kubectl("get", "pod", ...side)).toContain("@sha256:");

  const result = await convertService({ ...tree.options(), service: tree.name("zk"), dryRun: false });
  expect(result.kept).toEqual([
    `DaemonSet ${tree.namespace}/${tree.name("zk")}: spec.template.metadata.annotations.configuration`,
  ]);
  expect(result.text).toContain("apply:\n  - side.yaml\n  - zk.yaml\nconfig-map:\n");
  expect(result.text).toContain("    from: zoo.cfg\ndelete-script: delete.sh");
  expect(await changes("zk")).toEqual([]);
  expect((await tree.start(["zk"])).services).toEqual({ zk: "unchanged" });
  expect(await tree.podUids("zk")).toEqual(pods);

  await tree.write({ "src/{zk}/deploy/zoo.cfg": "port=2\n" });
  expect((await tree.start(["zk"])).services).toEqual({ zk: "changed" });
  expect(await tree.podUids("zk")).not.toEqual(pods);
});

test("a conversion waits for the run that works on the service, and takes what that has left", async () => {
  await tree.addService("busy");
  expect(textOf(await tree.start(["busy"]))).toBe("");
  const lease = `pai-service-${tree.name("busy")}`;
  const yaml = "src/{busy}/deploy/busy.yaml.template";
  const source = path.join(tree.root, "src", tree.name("busy"), "deploy/busy.yaml.template");
  const text = await readFile(source, "utf8");
  await tree.write({
    "lease.yaml": `apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: ${lease}, namespace: default, annotations: {pai.dev/holder: "somebody, start"}}
spec: {holderIdentity: somebody, leaseDurationSeconds: 600}
`,
  });
  await tree.kubectl("create", "-f", path.join(tree.root, "lease.yaml"));
  const waiting = Promise.withResolvers<string>();
  const report = (event: ActionEvent): void => {
    if (event.type === "waiting") waiting.resolve(event.reason);
  };
  const target = { ...tree.options(), service: tree.name("busy"), dryRun: false };
  const converting = convertService({ ...target, report });
  expect(await Promise.race([waiting.promise, converting])).toBe(
    "waits for somebody, start, who works on it",
  );
  await tree.write({ [yaml]: text.replace("sleep 100000", "sleep 99999") });
  await tree.kubectl("delete", "lease", "-n", "default", lease);
  const { isDone, plan } = await converting;
  expect(isDone).toBe(false);
  expect(plan.objects.map(({ ref }) => ref.kind)).toEqual(["DaemonSet"]);
  await tree.write({ [yaml]: text });
  expect(await convertService(target)).toMatchObject({ isDone: true, plan: { outcome: "unchanged" } });
});
