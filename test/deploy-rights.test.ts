// docs/rbac.yaml is what a deployment needs: everything is done once with exactly these rights.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { formatError, type ActionEvent } from "@pai/core";
import {
  convertService,
  deleteServices,
  planServices,
  readPlanFile,
  refreshServices,
  rollbackService,
  serviceEvents,
  serviceHistory,
  serviceLogs,
  serviceStatus,
  startPlan,
  startServices,
  stopServices,
  upgradeServices,
  writePlanFile,
  type DeployOptions,
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

/** What every action takes, by the account that has these rights alone. */
function asAccount(
  services: readonly string[] | undefined,
  events: ActionEvent[],
): DeployOptions & { readonly withPrerequisites: boolean } {
  return {
    ...tree.options(services),
    kubeconfig,
    withPrerequisites: true,
    report: (each) => events.push(each),
  };
}

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "",
    (error: unknown) => formatError(error),
  );
const warningsOf = (events: readonly ActionEvent[]): ActionEvent[] =>
  events.filter(({ type }) => type === "warning");

test("a script's and a declarative service are started, looked at, changed, stopped and deleted", async () => {
  await tree.addService("a");
  const declarative = async (command: string): Promise<void> => {
    await tree.addService("b", { needs: ["a"], command });
    await tree.write({ "src/{b}/deploy/service.yaml": 'prerequisite: ["{a}"]\ntemplate-list: [b.yaml]\n' });
  };
  await declarative("echo hello; sleep 100000");
  const events: ActionEvent[] = [];
  const target = asAccount(["a", "b"], events);
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
  expect(warningsOf(events)).toEqual([]);
});

test("a plan is made and carried out with a label that differs, and a declarative service goes back", async () => {
  const label = `${tree.namespace}-role`;
  const labelled = (): Promise<string> => tree.kubectl("get", "nodes", "-l", `${label}=true`, "-o", "name");
  const layout = path.join(tree.root, "configuration/layout.yaml");
  const before = await readFile(layout, "utf8");
  const declarative = async (command: string): Promise<void> => {
    await tree.addService("d", { command });
    await tree.write({ "src/{d}/deploy/service.yaml": "template-list: [d.yaml]\n" });
  };
  const events: ActionEvent[] = [];
  const target = asAccount(["d"], events);
  const service = tree.name("d");

  await declarative("sleep 100000");
  await writeFile(layout, before.replace('pai-worker: "true"', `$&, ${label}: "true"`));
  const plan = await planServices(target);
  expect(plan.nodes).toMatchObject([{ node: "pai-local", added: expect.arrayContaining([label]) }]);
  const file = path.join(tree.root, "d.plan");
  await writePlanFile(file, plan);
  expect(await outcome(startPlan(await readPlanFile(file), target))).toBe("");
  expect(await labelled()).toBe("node/pai-local\n");

  await declarative("sleep 99999");
  expect(await outcome(startServices(target))).toBe("");
  expect(await outcome(rollbackService({ ...target, service }))).toBe("");
  expect((await serviceHistory({ ...target, service })).map(({ number, of }) => [number, of])).toEqual([
    [3, 1],
    [2, undefined],
    [1, undefined],
  ]);
  await writeFile(layout, before);
  expect(await outcome(refreshServices(target))).toBe("");
  expect(await labelled()).toBe("");
  expect(await serviceHistory({ ...target, service })).toMatchObject([
    { number: 4, state: "ready" },
    {},
    {},
    {},
  ]);
  expect(await outcome(deleteServices(target))).toBe("");
  expect(warningsOf(events)).toEqual([]);
});

test("a script calls its helpers and upgrades its service, which is then converted", async () => {
  const withCommand = (command: string): Promise<void> =>
    tree.addService("e", {
      command,
      settings: "upgraded-script: upgrade.sh",
      startScript: `cd "$(dirname "$0")" || exit
kubectl apply -f e.yaml || exit $?
python -m k8sPaiLibrary.monitorTool.check_pod_ready_status -w -k app -v {e} -t 60 || exit $?
python -m k8sPaiLibrary.monitorTool.check_node_label_exist -k kubernetes.io/os -v linux || exit 8
`,
    });
  await tree.write({
    "src/{e}/deploy/upgrade.sh": 'echo upgrading\ncd "$(dirname "$0")"\nkubectl apply -f e.yaml || exit $?\n',
  });
  const events: ActionEvent[] = [];
  const target = asAccount(["e"], events);
  const said = (): string[] => events.flatMap((event) => (event.type === "output" ? [event.line] : []));
  await withCommand("sleep 100000");
  expect(await outcome(startServices(target))).toBe("");
  expect(said()).toContain(`${tree.name("e")} is ready!`);
  await withCommand("sleep 99999");
  expect(await outcome(upgradeServices(target))).toBe("");
  expect(said()).toContain("upgrading");

  const converted = await convertService({ ...target, service: tree.name("e"), dryRun: false });
  expect(converted).toMatchObject({ isDone: true, plan: { outcome: "unchanged" } });
  expect(await outcome(deleteServices(target))).toBe("");
  expect(await tree.kubectl("get", "daemonset", "-n", tree.namespace, "-o", "name")).not.toContain(
    tree.name("e"),
  );
  expect(warningsOf(events)).toEqual([]);
});

test("without them, what is denied is said in the API server's words", async () => {
  await tree.kubectl("delete", "clusterrole", `${tree.namespace}-deploy-services`);
  const work = serviceEvents(asAccount(undefined, []));
  await expect(work).rejects.toMatchObject({
    code: "CLUSTER_DENIED",
    message: expect.stringMatching(
      /daemonsets\.apps .*is forbidden: User "system:serviceaccount:default:\S+-deploy"/,
    ),
  });
});
