// Services without scripts on the real cluster: what is applied, what is never touched, and the ways back.
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  planServices,
  readPlanFile,
  rollbackService,
  serviceHistory,
  startPlan,
  upgradeServices,
  writePlanFile,
  type DeploymentPlan,
  type ObjectChange,
} from "@pai/actions/deploy";
import type { ActionEvent } from "@pai/core";
import { connectCluster, prune, type KubernetesObject } from "@pai/kubernetes";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand, type CommandResult } from "./support/cli.ts";
import {
  imageNamespace,
  localKubeconfig,
  makeDeployTree,
  textOf,
  type DeployTree,
} from "./support/cluster.ts";

const registry = "127.0.0.1:5077";

let tree: DeployTree;
beforeAll(async () => {
  tree = await makeDeployTree();
});
afterAll(() => tree.remove());

const planOf = (...services: string[]): Promise<DeploymentPlan> =>
  planServices({
    ...tree.options(services),
    withPrerequisites: true,
  });
const changesOf = ({ services }: DeploymentPlan): string[] =>
  services.flatMap(({ objects }) =>
    objects
      .filter(({ change }) => change !== "unchanged")
      .map(({ change, ref }) => `${change} ${ref.kind} ${ref.name}`),
  );
const names = async (kind: string): Promise<string[]> => {
  const text = await tree.kubectl("get", kind, "-n", tree.namespace, "-o", "name");
  return text
    .split("\n")
    .flatMap((line) => line.split("/")[1] ?? [])
    .filter((name) => name !== "kube-root-ca.crt");
};
const field = (kind: string, name: string, jsonpath: string): Promise<string> =>
  tree.kubectl("get", kind, "-n", tree.namespace, name, "-o", `jsonpath={${jsonpath}}`);

const configMap = (name: string, data: string, more = ""): string => `apiVersion: v1
kind: ConfigMap
metadata: {name: "${name}", namespace: {ns}${more}}
data: ${data}
---
`;
const deployment = (
  short: string,
  { command = "sleep 100000", replicas = "" } = {},
): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: "{${short}}", namespace: {ns}}
spec:
  ${replicas}
  selector: {matchLabels: {app: "{${short}}"}}
  template:
    metadata: {labels: {app: "{${short}}"}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - name: main
        image: {{ cluster_cfg['cluster']['docker-registry']['prefix'] }}box:1
        command: [sh, -c, ${command}]
        readinessProbe: {exec: {command: [sh, -c, ":"]}, periodSeconds: 1}
        volumeMounts: [{name: conf, mountPath: /conf}]
      volumes: [{name: conf, configMap: {name: "{${short}}", optional: true}}]
`;
const service = (short: string, manifests: string, keys = ""): Promise<void> =>
  tree.write({
    [`src/{${short}}/deploy/service.yaml`]: `template-list: [a.yaml]\n${keys}\n`,
    [`src/{${short}}/deploy/a.yaml.template`]: manifests,
  });
const madeOfFolder = (short: string): string =>
  `config-map: [{name: "{${short}}", namespace: {ns}, from: conf}]`;

test("is applied, restarts when a file of its ConfigMap changes, and is left alone when nothing does", async () => {
  await tree.write({ "src/{web}/deploy/conf/one.cfg": "a=1\n" });
  await service("web", deployment("web"), `${madeOfFolder("web")}\nkeep-revisions: 1`);
  expect(changesOf(await planOf("web"))).toEqual([
    `create Deployment ${tree.name("web")}`,
    `create ConfigMap ${tree.name("web")}`,
  ]);
  const first = await tree.start(["web"]);
  expect(textOf(first)).toBe("");
  expect(first.services).toEqual({ web: "changed" });
  const [pod] = await tree.podUids("web");
  expect((await tree.start(["web"])).services).toEqual({ web: "unchanged" });

  await tree.write({ "src/{web}/deploy/conf/one.cfg": "a=2\n", "src/{web}/deploy/conf/bin": "x\0" });
  const [planned] = (await planOf("web")).services;
  expect(planned).toMatchObject({ outcome: "change", revision: { from: 1, to: 2 } });
  expect(planned?.images).toEqual([expect.stringMatching(/box:1@sha256:[0-9a-f]{64}$/)]);
  expect(planned?.objects.find(({ ref }) => ref.kind === "Deployment")?.restarts).toEqual({
    pods: 1,
    because: "its configuration changes",
  });
  expect((await tree.start(["web"])).services).toEqual({ web: "changed" });
  expect(await tree.podUids("web")).not.toContain(pod);
  expect(await field("configmap", tree.name("web"), ".data.one\\.cfg")).toBe("a=2\n");
  expect(changesOf(await planOf("web"))).toEqual([]);
  const kept = await serviceHistory({ ...tree.options(), service: tree.name("web") });
  expect(kept.map(({ number }) => number)).toEqual([2]);
});

test("a Secret is made of files and texts, restarts what uses it, and is told without its values", async () => {
  const madeOf = (user: string): string =>
    `secret: [{name: "{sealed}", namespace: {ns}, from: keys, literal: {user: ${user}}}]`;
  const usesIt = deployment("sealed").replace(
    'configMap: {name: "{sealed}", optional: true}',
    'secret: {secretName: "{sealed}"}',
  );
  const valueOf = async (key: string): Promise<string> =>
    Buffer.from(await field("secret", tree.name("sealed"), `.data.${key}`), "base64").toString();
  await tree.write({ "src/{sealed}/deploy/keys/token": "token-before\n" });
  await service("sealed", usesIt, madeOf("user-before"));
  expect(textOf(await tree.start(["sealed"]))).toBe("");
  expect([await valueOf("token"), await valueOf("user")]).toEqual(["token-before\n", "user-before"]);
  expect(await field("secret", tree.name("sealed"), ".type")).toBe("Opaque");
  const pods = await tree.podUids("sealed");

  await tree.write({ "src/{sealed}/deploy/keys/token": "token-after\n" });
  await service("sealed", usesIt, madeOf("user-after"));
  const plan = await planOf("sealed");
  expect(changesOf(plan)).toContain(`change Secret ${tree.name("sealed")}`);
  const changed = plan.services[0]?.objects.find(({ ref }) => ref.kind === "Deployment");
  expect(changed?.restarts).toEqual({ pods: 1, because: "its configuration changes" });
  const outcome = await tree.start(["sealed"]);
  expect(textOf(outcome)).toBe("");
  expect([await valueOf("token"), await valueOf("user")]).toEqual(["token-after\n", "user-after"]);
  const renewed = await tree.podUids("sealed");
  expect(renewed.filter((uid) => pods.includes(uid))).toEqual([]);
  const values = ["token-before", "token-after", "user-before", "user-after"];
  const told = [plan, outcome.events].map((each) => JSON.stringify(each)).join("\n");
  const encoded = values.map((value) => Buffer.from(value).toString("base64").slice(0, 12));
  expect([...values, ...encoded].filter((each) => told.includes(each))).toEqual([]);
});

test("images of manifests that no template makes have digests, too, and have to be there", async () => {
  const manifest = (image: string): Promise<void> =>
    tree.write({
      "src/{plain}/deploy/plain.yaml": deployment("plain").replace(/\{\{.*\}\}box:1/, image),
      "src/{plain}/deploy/service.yaml": "apply: [plain.yaml]\n",
    });
  const source = path.join(tree.root, `src/${tree.name("plain")}/deploy/plain.yaml`);
  const box = `${registry}/${imageNamespace}/box:1`;
  await manifest(`${registry}/${imageNamespace}/nothing:1`);
  const missing = textOf(await tree.start(["plain"]));
  expect(missing).toContain(`the image ${registry}/${imageNamespace}/nothing:1 is not in the registry`);
  expect(missing).toContain(`--> src/${tree.name("plain")}/deploy/plain.yaml:13`);
  await manifest(box);
  const before = await readFile(source, "utf8");
  expect(textOf(await tree.start(["plain"]))).toBe("");
  expect(await field("deployment", tree.name("plain"), ".spec.template.spec.containers[0].image")).toMatch(
    new RegExp(`^${box}@sha256:[0-9a-f]{64}$`),
  );
  expect(await readFile(source, "utf8")).toBe(before);
});

test("prunes what is no longer in its manifests, and nothing that is not its own", async () => {
  await tree.kubectl("create", "configmap", "-n", tree.namespace, "by-hand");
  await service("other", configMap("of-other", "{a: '1'}"));
  await service(
    "one",
    configMap("stays", "{a: '1'}") +
      configMap("goes", "{a: '1'}") +
      configMap("kept", "{}", ", annotations: {pai.dev/keep: 'true'}"),
  );
  expect(textOf(await tree.start(["one", "other"]))).toBe("");
  await tree.kubectl("label", "configmap", "-n", tree.namespace, "stays", "foreign=1");

  await service("one", configMap("stays", "{a: '2'}"));
  expect(changesOf(await planOf("one"))).toEqual([
    "change ConfigMap stays",
    "prune ConfigMap goes",
    "keep ConfigMap kept",
  ]);
  const outcome = await tree.start(["one"]);
  expect(outcome.events).toContainEqual(
    expect.objectContaining({
      type: "warning",
      message: expect.stringContaining("kept is no longer in the manifests; it is kept"),
    }),
  );
  expect(await names("configmap")).toEqual(expect.arrayContaining(["by-hand", "kept", "of-other", "stays"]));
  expect(await names("configmap")).not.toContain("goes");
  expect(await field("configmap", "stays", ".metadata.labels.foreign")).toBe("1");

  // Another service's object is refused, not stolen; nothing is pruned when an apply fails.
  await service("one", configMap("of-other", "{a: '1'}"));
  const stolen = await tree.start(["one"]);
  expect(textOf(stolen)).toContain(
    `ConfigMap ${tree.namespace}/of-other belongs to the service ${tree.name("other")}`,
  );
  expect(await names("configmap")).toContain("stays");
});

test("a prune leaves an object that was made anew under the same name meanwhile", async () => {
  const ref = ["-n", tree.namespace, "anew"] as const;
  await tree.kubectl("create", "configmap", ...ref, "--from-literal=v=1");
  const text = await tree.kubectl("get", "configmap", ...ref, "-o", "json");
  const before = JSON.parse(text) as KubernetesObject;
  await tree.kubectl("delete", "configmap", ...ref);
  await tree.kubectl("create", "configmap", ...ref, "--from-literal=v=2");
  const connection = await connectCluster({
    explicit: localKubeconfig,
    env: {},
    home: tree.root,
    signal: new AbortController().signal,
  });
  try {
    await prune(connection.objects, [before]);
    expect(await field("configmap", "anew", ".data.v")).toBe("2");
    const now = JSON.parse(await tree.kubectl("get", "configmap", ...ref, "-o", "json")) as KubernetesObject;
    await prune(connection.objects, [now]);
    expect(await names("configmap")).not.toContain("anew");
  } finally {
    await connection.close();
  }
});

test("fields of others are never overwritten unasked, and what is not in the manifest is theirs", async () => {
  await service("scaled", deployment("scaled"));
  expect(textOf(await tree.start(["scaled"]))).toBe("");
  const deploymentName = `deployment/${tree.name("scaled")}`;
  const replicas = '{"spec":{"replicas":2}}';
  await tree.kubectl("patch", "-n", tree.namespace, deploymentName, "--field-manager=hpa", "-p", replicas);
  await service("scaled", deployment("scaled", { command: "sleep 99999" }));
  expect(textOf(await tree.start(["scaled"]))).toBe("");
  expect(await field("deployment", tree.name("scaled"), ".spec.replicas")).toBe("2");

  await service("scaled", deployment("scaled", { replicas: "replicas: 1" }));
  const refused = await tree.start(["scaled"]);
  expect(textOf(refused)).toContain(".spec.replicas   is set by hpa");
  expect(textOf(refused)).toContain("paictl service start --take-over");
  expect(textOf(await tree.start(["scaled"], { takeOver: true }))).toBe("");
  expect(await field("deployment", tree.name("scaled"), ".spec.replicas")).toBe("1");
});

test("what cannot be changed in place is made anew only where the object says so", async () => {
  const secret = (value: string, more = ""): string => `apiVersion: v1
kind: Secret
metadata: {name: fixed, namespace: {ns}${more}}
type: Opaque
immutable: true
stringData: {password: "${value}"}
`;
  await service("fixed", secret("first-value"));
  expect(textOf(await tree.start(["fixed"]))).toBe("");
  await service("fixed", secret("second-value"));
  const refused = await tree.start(["fixed"]);
  expect(textOf(refused)).toContain("what changed cannot be changed while it exists");
  expect(textOf(refused)).toContain('the annotation pai.dev/recreate: "true"');
  await service("fixed", secret("second-value", ", annotations: {pai.dev/recreate: 'true'}"));
  const plan = await planOf("fixed");
  expect(changesOf(plan)).toEqual(["recreate Secret fixed"]);
  expect(JSON.stringify(plan)).not.toMatch(/second-value|c2Vjb25k/);
  expect(textOf(await tree.start(["fixed"]))).toBe("");
  expect(Buffer.from(await field("secret", "fixed", ".data.password"), "base64").toString()).toBe(
    "second-value",
  );
});

test("a Job that has failed is run again by the next start, if it says so", async () => {
  await service(
    "once",
    `apiVersion: batch/v1
kind: Job
metadata: {name: "{once}", namespace: {ns}, annotations: {pai.dev/recreate: "true"}}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 0
      containers:
      - name: main
        image: {{ cluster_cfg['cluster']['docker-registry']['prefix'] }}box:1
        command: [sh, -c, 'test -f /conf/may']
        volumeMounts: [{name: conf, mountPath: /conf}]
      volumes: [{name: conf, configMap: {name: of-somebody, optional: true}}]
`,
  );
  expect(textOf(await tree.start(["once"]))).toContain("exited with 1");
  await tree.kubectl("create", "configmap", "-n", tree.namespace, "of-somebody", "--from-literal=may=1");
  expect(changesOf(await planOf("once"))).toEqual([`recreate Job ${tree.name("once")}`]);
  expect(textOf(await tree.start(["once"]))).toBe("");
  expect((await tree.start(["once"])).services).toEqual({ once: "unchanged" });
});

test("mistakes of a manifest are told with its place, and kinds may be defined with their objects", async () => {
  await service("typo", configMap("typo", "{a: '1'}").replace("\ndata:", "\ndta:"));
  const typo = textOf(await tree.start(["typo"]));
  expect(typo).toMatch(/apply ConfigMap \S+typo: .*dta: field not declared in schema/);
  expect(typo).toContain(`--> src/${tree.name("typo")}/deploy/a.yaml.template`);
  await service("typo", configMap("typo", "{}").replace("metadata:", "metadta:"));
  expect(textOf(await tree.start(["typo"]))).toContain(
    "a.yaml: the ConfigMap in line 1 has no metadata.name",
  );
  await service("dated", "apiVersion: v1\nkind: Endpoints\nmetadata: {name: dated, namespace: {ns}}\n");
  expect((await tree.start(["dated"])).events).toContainEqual(
    expect.objectContaining({
      type: "warning",
      message: expect.stringContaining("v1 Endpoints is deprecated"),
    }),
  );
  const group = `${tree.namespace}.example.org`;
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.${group}, annotations: {pai.dev/keep: "false"}}
spec:
  group: ${group}
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget}
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
---
apiVersion: ${group}/v1
kind: Widget
metadata: {name: w, namespace: {ns}}
`;
  await service("defined", definition);
  const [planned] = (await planOf("defined")).services;
  expect(planned?.objects.map(({ note }: ObjectChange) => note)).toEqual([
    undefined,
    "not checked by the API server: its kind is not there yet",
  ]);
  const outcome = await tree.start(["defined"]);
  await tree.kubectl("delete", "crd", `widgets.${group}`, "--ignore-not-found", "--wait=false");
  expect(textOf(outcome)).toBe("");
});

test("revisions: history, back by hand, and back on failure", async () => {
  await service("rev", configMap("rev-old", "{v: '1'}") + deployment("rev"));
  await tree.start(["rev"]);
  await service("rev", configMap("rev-new", "{v: '2'}") + deployment("rev"));
  await tree.start(["rev"]);
  expect(await names("configmap")).not.toContain("rev-old");
  const target = { ...tree.options(), service: tree.name("rev") };
  await rollbackService(target);
  expect(await names("configmap")).toContain("rev-old");
  expect(await names("configmap")).not.toContain("rev-new");

  await service("rev", configMap("rev-bad", "{v: '3'}") + deployment("rev", { command: "exit 1" }));
  const late = textOf(await tree.start(["rev"], { timeoutMs: 4000 }));
  expect(late).toContain("changed  since it was last ready: revision 3 -> 4");
  expect(late).toMatch(
    /next .* service (?:logs|status) [^]*next .* service rollback .*\(back to revision 3\)/,
  );
  const failed = await tree.start(["rev"], { rollbackOnFailure: true });
  expect(textOf(failed)).toMatch(/container main.* exited with 1/);
  expect(textOf(failed)).toContain("back     revision 3 is there again, as revision 5");
  expect(textOf(failed)).not.toContain("service rollback");
  expect(await names("configmap")).toContain("rev-old");
  const history = await serviceHistory(target);
  expect(history.map(({ number, state, of }) => [number, state, of])).toEqual([
    [5, "ready", 3],
    [4, "applied", undefined],
    [3, "ready", 1],
    [2, "ready", undefined],
    [1, "ready", undefined],
  ]);
  await expect(rollbackService({ ...target, to: 9 })).rejects.toThrow(
    "has no revision 9; the cluster keeps 1, 2, 3, 4, 5",
  );
});

test("an upgrade brings the new version; a refresh, too, except of what does not run", async () => {
  const version = (v: number): Promise<void> =>
    service("up", configMap("up", `{v: "${v}"}`) + deployment("up", { command: `sleep 10000${v}` }));
  const versionOf = async (): Promise<string[]> => [
    await field("configmap", "up", ".data.v"),
    await field("deployment", tree.name("up"), ".spec.template.spec.containers[0].command[2]"),
  ];
  const upgrade = (): Promise<void> => upgradeServices({ ...tree.options(["up"]), withPrerequisites: false });
  await version(1);
  expect((await tree.refresh(["up"])).services).toEqual({ up: "unchanged" });
  expect(await names("configmap")).not.toContain("up");
  await upgrade();
  expect(await versionOf()).toEqual(["1", "sleep 100001"]);
  expect((await tree.refresh(["up"])).services).toEqual({ up: "unchanged" });

  await version(2);
  await upgrade();
  expect(await versionOf()).toEqual(["2", "sleep 100002"]);
  expect(await tree.status(["up"])).toMatchObject([{ state: "ready", pods: "1/1 pods" }]);
  await version(3);
  expect((await tree.refresh(["up"])).services).toEqual({ up: "changed" });
  expect(await versionOf()).toEqual(["3", "sleep 100003"]);
  const history = await serviceHistory({ ...tree.options(), service: tree.name("up") });
  expect(history.map(({ number, state }) => [number, state])).toEqual([
    [3, "ready"],
    [2, "ready"],
    [1, "ready"],
  ]);

  await tree.stop(["up"]);
  await version(4);
  expect((await tree.refresh(["up"])).services).toEqual({ up: "unchanged" });
  expect(await field("configmap", "up", ".data.v")).toBe("3");
});

test("a saved plan is carried out as it is, or not at all", async () => {
  const file = path.join(tree.root, "store.plan");
  await service("store", configMap("store", "{v: '1'}"));
  await writePlanFile(file, await planOf("store"));
  await service("store", configMap("store", "{v: '2'}"));
  await expect(startPlan(await readPlanFile(file), tree.options())).rejects.toMatchObject({
    code: "PLAN_OUTDATED",
    details: [expect.stringContaining("its files or its objects in the cluster have changed since")],
  });
  await writePlanFile(file, await planOf("store"));
  const main = path.join(import.meta.dirname, "../tools/paictl/src/main.ts");
  const argv = [
    main,
    "service",
    "plan",
    "-p",
    "configuration",
    "-c",
    localKubeconfig,
    "-n",
    tree.name("store"),
  ];
  const shown = await runCommand(process.execPath, argv, { cwd: tree.root });
  expect(shown).toMatchObject({ code: 3, stdout: expect.stringContaining("1 to create") });
  await startPlan(await readPlanFile(file), tree.options());
  expect(await field("configmap", "store", ".data.v")).toBe("2");
  const after = await runCommand(process.execPath, argv, { cwd: tree.root });
  expect(after).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to do") });

  await service("store", configMap("store", "{v: '3'}"));
  await writePlanFile(file, await planOf("store"));
  await tree.kubectl("patch", "configmap", "-n", tree.namespace, "store", "-p", '{"data":{"v":"9"}}');
  await expect(startPlan(await readPlanFile(file), tree.options())).rejects.toThrow("nothing was changed");
  expect(await field("configmap", "store", ".data.v")).toBe("9");
});

test("a service that moves before its turn is left as it is, and so is what needs it", async () => {
  const chain = new Map([
    ["early", ""],
    ["moving", 'prerequisite: ["{early}"]'],
    ["behind", 'prerequisite: ["{moving}"]'],
  ]);
  const write = async (v: number): Promise<void> => {
    for (const [name, keys] of chain) await service(name, configMap(name, `{v: "${v}"}`), keys);
  };
  await write(1);
  expect(textOf(await tree.start(["behind"]))).toBe("");
  await write(2);
  const plan = await planOf("behind");
  const moved = JSON.stringify({ data: { v: "9" } });
  const argv = ["patch", "configmap", "-n", tree.namespace, "moving", "-p", moved];
  const report = (event: ActionEvent): void => {
    if (event.type !== "started" || event.service !== tree.name("moving")) return;
    execFileSync("kubectl", argv, { env: { ...process.env, KUBECONFIG: localKubeconfig } });
  };
  await expect(startPlan(plan, { ...tree.options(), report })).rejects.toMatchObject({
    code: "PLAN_OUTDATED",
    message: `${tree.name("moving")}: its files or its objects in the cluster have changed since the plan was made; it is left as it is`,
    details: expect.arrayContaining([`stopped  before: ${tree.name("behind")} (untouched)`]),
  });
  expect(await field("configmap", "early", ".data.v")).toBe("2");
  expect(await field("configmap", "moving", ".data.v")).toBe("9");
  expect(await field("configmap", "behind", ".data.v")).toBe("1");
});

test("labels that move while the run waits for its turn are left as they are", async () => {
  const label = `${tree.namespace}-moving`;
  const layout = path.join(tree.root, "configuration/layout.yaml");
  const before = await readFile(layout, "utf8");
  const { signal } = new AbortController();
  const connection = await connectCluster({
    explicit: localKubeconfig,
    env: {},
    home: tree.root,
    signal,
  });
  await service("labelled", configMap("labelled", "{v: '1'}"));
  await writeFile(layout, before.replace('pai-worker: "true"', `$&, ${label}: "true"`));
  const holder = { id: label, about: "a test", isGone: () => false };
  const lease = await connection.leases.acquire({
    name: "pai-node-labels",
    holder,
    signal,
    onWaiting: () => {},
  });
  try {
    const plan = await planOf("labelled");
    expect(plan.nodes).toMatchObject([{ added: expect.arrayContaining([label]) }]);
    const waits = Promise.withResolvers<void>();
    const report = ({ type }: ActionEvent): void => void (type === "waiting" && waits.resolve());
    const ended = startPlan(plan, { ...tree.options(), report }).catch((error: unknown) => error);
    await Promise.race([waits.promise, ended]);
    const labels = { [label]: "true", "pai-master": "true", "pai-worker": "true" };
    await connection.objects.apply(
      { apiVersion: "v1", kind: "Node", metadata: { name: "pai-local", labels } },
      { manager: "pai-node-labels", force: true },
    );
    await lease.release();
    expect(await ended).toMatchObject({
      code: "PLAN_OUTDATED",
      message: "labels of nodes have changed since the plan was made; nothing was changed",
    });
    expect(await names("configmap")).not.toContain("labelled");
  } finally {
    await lease.release();
    await writeFile(layout, before);
    await tree.refresh(["labelled"]);
    await connection.close();
  }
});

test("on the command line a plan is saved, carried out, and takes no other choice of services", async () => {
  await service("saved", configMap("saved", "{v: '1'}"));
  const paictl = (...argv: string[]): Promise<CommandResult> =>
    runCommand(
      process.execPath,
      [
        path.join(import.meta.dirname, "../tools/paictl/src/main.ts"),
        "service",
        ...argv,
        "-p",
        "configuration",
        "-c",
        localKubeconfig,
      ],
      { cwd: tree.root },
    );
  expect(await paictl("plan", "-n", tree.name("saved"), "--out", "saved.plan")).toMatchObject({
    code: 3,
    stdout: expect.stringContaining("1 to create"),
  });
  const choices = ["--no-deps", "--with-dependents", "--skip", "x", "-n", tree.name("saved")];
  expect(await paictl("start", "--plan", "saved.plan", ...choices)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      "--plan and -n, --skip, --with-dependents, --no-deps both say what to start",
    ),
  });
  expect(await paictl("start", "--plan", "saved.plan", "--yes")).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("1 service: 1 started"),
  });
  expect(await field("configmap", "saved", ".data.v")).toBe("1");
  expect(await paictl("start", "--plan", "saved.plan")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("error[PLAN_OUTDATED]"),
  });
});

test("stop ends the pods and keeps the rest; delete takes all but data", async () => {
  const claim = `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: claim, namespace: {ns}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}, storageClassName: ""}
`;
  await service("end", configMap("end", "{v: '1'}") + deployment("end"));
  expect(textOf(await tree.start(["end"]))).toBe("");
  expect((await tree.stop(["end"])).services).toEqual({ end: "changed" });
  expect(await names("deployment")).not.toContain(tree.name("end"));
  expect(await names("configmap")).toContain("end");
  expect((await tree.stop(["end"])).services).toEqual({ end: "unchanged" });
  expect(await tree.status(["end"])).toMatchObject([{ state: "stopped" }]);

  await service("end", configMap("end", "{v: '1'}") + claim);
  await tree.start(["end"], { timeoutMs: 1 });
  const outcome = await tree.delete(["end"]);
  expect(outcome.services).toEqual({ end: "changed" });
  expect(outcome.events).toContainEqual(
    expect.objectContaining({ message: expect.stringContaining("PersistentVolumeClaim") }),
  );
  expect(await names("configmap")).not.toContain("end");
  expect(await names("persistentvolumeclaim")).toEqual(["claim"]);
  expect(await tree.status(["end"])).toMatchObject([{ state: "not started" }]);
});
