// What may happen to a run at any moment: it is killed, another one comes, the API server goes away, etcd
// stands still. Afterwards one more run brings what is planned, and nothing is left over or twice.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ActionEvent } from "@pai/core";
import { applySetOf, marks, type KubernetesObject } from "@pai/kubernetes";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommand } from "./support/cli.ts";
import { localKubeconfig, makeDeployTree, textOf, type DeployTree, type Outcome } from "./support/cluster.ts";

let tree: DeployTree;
beforeEach(async () => {
  tree = await makeDeployTree();
});
afterEach(() => tree.remove());

const repository = path.join(import.meta.dirname, "..");
const services = ["a", "b", "c"];
const mapsEach = 9;

const isScript = (name: string): boolean => name === "c";

/** What pai applies loses an object and gets another one with each version: something to prune, whenever a run ends. */
function mapNames(name: string, version: string): string[] {
  return Array.from({ length: mapsEach }, (_, at) =>
    isScript(name) || at < mapsEach - 1 ? `{${name}}-${at}` : `{${name}}-of-version-${version}`,
  );
}

/** 30 objects: two services that pai applies and one that a script does, the last two after the first. */
async function thirtyObjects(version: string): Promise<void> {
  for (const [index, name] of services.entries()) {
    await tree.addService(name, { needs: index === 0 ? [] : ["a"], command: `sleep 10000${version}` });
    const maps = mapNames(name, version).map(
      (map) =>
        `{apiVersion: v1, kind: ConfigMap, metadata: {name: "${map}", namespace: "{ns}"}, data: {version: "${version}"}}`,
    );
    await tree.write({
      [`src/{${name}}/deploy/maps.yaml.template`]: maps.map((map) => `---\n${map}\n`).join(""),
      [`src/{${name}}/deploy/service.yaml`]: `prerequisite: [${index === 0 ? "" : '"{a}"'}]
template-list: [maps.yaml, ${name}.yaml]
${isScript(name) ? "start-script: start.sh" : ""}
`,
      [`src/{${name}}/deploy/start.sh`]:
        'cd "$(dirname "$0")"\nkubectl apply -f maps.yaml || exit $?\nkubectl apply -f c.yaml || exit $?\n',
    });
  }
}

/** Returns once it has connected: until then nothing can go wrong. */
async function startTool(): Promise<ChildProcess> {
  const main = path.join(repository, "tools/paictl/src/main.ts");
  const argv = ["service", "start", "-p", "configuration", "--root", tree.root, "-c", localKubeconfig];
  const tool = spawn(process.execPath, [main, ...argv], { stdio: ["ignore", "ignore", "pipe"] });
  await Promise.race([once(tool.stderr, "data"), once(tool, "close")]);
  tool.stderr.resume();
  return tool;
}

/** Everything is there as planned, ready, once, and everything belongs to somebody. */
async function expectPlanned(version: string): Promise<void> {
  const text = await tree.kubectl("get", "configmaps,daemonsets,pods", "-n", tree.namespace, "-o", "json");
  const { items } = JSON.parse(text) as { items: KubernetesObject[] };
  const maps = items.filter(({ data }) => data?.["version"] !== undefined);
  expect(maps.map(({ data }) => data?.["version"])).toEqual(Array(services.length * mapsEach).fill(version));
  const planned = services.flatMap((name) =>
    mapNames(name, version).map((map) => map.replace(`{${name}}`, tree.name(name))),
  );
  expect(maps.map(({ metadata }) => metadata.name).toSorted()).toEqual(planned.toSorted());
  expect(items.filter(({ kind }) => kind === "DaemonSet")).toHaveLength(services.length);
  for (const name of services.filter((each) => !isScript(each))) {
    const { id } = applySetOf(tree.name(name), "");
    const own = items.filter(({ metadata }) => metadata.labels?.[marks.partOf] === id);
    expect(own.filter(({ kind }) => kind !== "Pod")).toHaveLength(mapsEach + 1);
  }
  for (const name of services) expect(await tree.podUids(name)).toHaveLength(1);
  expect(await tree.status()).toMatchObject(services.map(() => ({ state: "ready", pods: "1/1 pods" })));
  expect(await tree.kubectl("get", "leases", "-n", "default", "-o", "name")).not.toContain(tree.namespace);
  const again = await tree.start();
  expect(Object.values(again.services)).toEqual(services.map(() => "unchanged"));
}

/** The same sequence for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("a run that is killed at any moment is repaired by the next one", async () => {
  const seed = Number(process.env["PAI_FAULT_SEED"] ?? 20261127);
  const random = createRandom(seed);
  await thirtyObjects("0");
  expect(textOf(await tree.start(["a"]))).toBe("");
  let killed = 0;
  for (let kill = 1; kill <= 10; kill++) {
    // Something new each time, or the later ones would find nothing to do.
    await thirtyObjects(String(kill));
    const tool = await startTool();
    const closed = once(tool, "close");
    await sleep(random() * 2500);
    if (tool.kill("SIGKILL")) killed++;
    await closed;
  }
  expect(killed, `seed ${seed}`).toBeGreaterThan(5);
  expect(textOf(await tree.start()), `seed ${seed}`).toBe("");
  await expectPlanned("10");
});

test("two runs at once do the work once", async () => {
  await thirtyObjects("1");
  const outcomes = await Promise.all([tree.start(), tree.start()]);
  expect(outcomes.map(textOf)).toEqual(["", ""]);
  const worked = outcomes.flatMap((outcome) => Object.entries(outcome.services));
  expect(worked.filter(([, what]) => what === "changed")).toHaveLength(services.length);
  await expectPlanned("1");
});

/** A start that has just begun with its first service. */
async function startedRun(): Promise<{ readonly run: Promise<Outcome>; readonly said: readonly string[] }> {
  const said: string[] = [];
  const begun = Promise.withResolvers<void>();
  const report = (event: ActionEvent): void => {
    if (event.type === "started") begun.resolve();
    if (event.type === "warning") said.push(event.message);
  };
  const run = tree.start(undefined, { report });
  await Promise.race([begun.promise, run]);
  return { run, said };
}

async function pidOf(program: string): Promise<number> {
  const runtime = process.env["PAI_LOCAL_RUNTIME"] ?? "/run/pai-local";
  const { pid } = JSON.parse(await readFile(path.join(runtime, `${program}.json`), "utf8")) as {
    pid: number;
  };
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
  if (!command.includes(program)) throw new Error(`process ${pid} is not ${program}: ${command}`);
  return pid;
}

test("an API server that is killed and comes back costs time, and nothing else", async () => {
  await thirtyObjects("1");
  const { run, said } = await startedRun();
  process.kill(await pidOf("kube-apiserver"), "SIGKILL");
  const main = path.join(repository, "tools/local/src/main.ts");
  const { code, stderr } = await runCommand(process.execPath, [main, "up"], { cwd: repository });
  expect(code, stderr).toBe(0);
  expect(textOf(await run)).toBe("");
  // Once per trouble, however many requests met it.
  expect(said.filter((text) => text.endsWith("; trying again"))).toHaveLength(1);
  await expectPlanned("1");
});

test("an etcd that stands still for ten seconds costs time, and nothing else", async () => {
  await thirtyObjects("1");
  const etcd = await pidOf("etcd");
  const { run } = await startedRun();
  process.kill(etcd, "SIGSTOP");
  try {
    await sleep(10_000);
  } finally {
    process.kill(etcd, "SIGCONT");
  }
  expect(textOf(await run)).toBe("");
  await expectPlanned("1");
});
