// The example tree itself, through the programs that people use: from its sources to a served write and back to
// nothing. Its pods take the place of an HBase that already runs here; that one's data stays, and is not seen.
import { access, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ActionEvent } from "@pai/core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runCommand, type CommandResult } from "./support/cli.ts";
import { localKubeconfig } from "./support/cluster.ts";

const root = path.resolve(import.meta.dirname, "..");
const images = ["base-image", "hadoop-run", "hbase", "zookeeper"];
const services = [
  "cluster-configuration",
  "hadoop-batch-job",
  "hadoop-data-node",
  "hadoop-name-node",
  "hbase",
  "zookeeper",
];
const data = `/var/lib/pai-local/volumes/test-${process.pid}`;
const wroteAndRead = /^canary: wrote and read back a row in \d+ ms$/;

// Several minutes' worth of Java on a busy machine; a service that does not come is told long before.
vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

/** The repository, and later the copy whose services need no scripts. */
let tree = root;
let configuration: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  configuration = await mkdtemp(path.join(tmpdir(), "pai-hbase-"));
  await cp(path.join(root, "configuration"), configuration, { recursive: true });
  await configure((text) => text.replace("/var/lib/pai-local/volumes", data));
  const { FORCE_COLOR: _, ...inherited } = process.env;
  env = {
    ...inherited,
    PATH: `${path.join(root, "node_modules/.bin")}:${path.dirname(localKubeconfig)}/bin:${inherited["PATH"]}`,
    KUBECONFIG: localKubeconfig,
    PAI_CONFIGURATION: configuration,
    NX_DAEMON: "false",
    NX_TUI: "false",
    NO_COLOR: "1",
  };
  await service("stop");
  // Numbers of processes come again.
  await rm(data, { recursive: true, force: true });
});
afterAll(async () => {
  await service("delete", "--yes");
  await rm(data, { recursive: true, force: true });
  await rm(configuration, { recursive: true });
  if (tree !== root) await rm(tree, { recursive: true });
});

test("all images are built and pushed, and the second time neither", async () => {
  await outcomes("pai-build", "build", "-c", configuration);
  await outcomes("pai-build", "push", "-c", configuration);
  const built = await listed();
  expect(built).toEqual(images.map((image) => expect.objectContaining({ image, inRegistry: true })));

  const unchanged = Object.fromEntries(images.map((name) => [name, "unchanged"]));
  expect(await outcomes("pai-build", "build", "-c", configuration)).toEqual(unchanged);
  expect(await outcomes("pai-build", "push", "-c", configuration)).toEqual(unchanged);
  expect(await listed()).toEqual(built);
});

test("nx run hbase:deploy ends with an HBase that serves a write", async () => {
  const { code, stdout, stderr } = await run("nx", "run", "hbase:deploy");
  expect(stdout + stderr).toContain("Successfully ran target deploy for project hbase");
  expect(code).toBe(0);
  const [before, served] = await canary();
  expect(before).toBe("canary: no earlier run has left a row");
  expect(served).toMatch(wroteAndRead);
});

test("a second deployment changes nothing and restarts no pod", async () => {
  const pods = await podUids();
  expect(Object.keys(pods).toSorted()).toEqual([
    "hadoop-batch-job",
    "hadoop-data-node",
    "hadoop-name-node",
    "hbase-master",
    "hbase-regionserver",
    "zookeeper",
  ]);
  expect(await service("start", "-n", "hbase")).toEqual(outcomeOfAll("unchanged"));
  expect(await podUids()).toEqual(pods);
});

test("a changed setting restarts what reads it, and nothing else", async () => {
  const before = await podUids();
  await service("refresh", "-n", "hbase");
  expect(await podUids()).toEqual(before);

  await configure((text) => `${text}\nhbase:\n  region-server-http-port: 16031\n`);
  await service("refresh", "-n", "hbase");
  const after = await podUids();
  const restarted = Object.keys(after).filter((app) => after[app] !== before[app]);
  expect(restarted.toSorted()).toEqual(["hbase-master", "hbase-regionserver"]);
  expect((await canary())[1]).toMatch(wroteAndRead);
});

test("stopped services leave no pod, and find their data again when they start", async () => {
  await service("stop");
  expect(await podUids()).toEqual({});
  await service("start", "-n", "hbase");
  const [before, served] = await canary();
  expect(before).toMatch(/^canary: an earlier run has left a row at 20/);
  expect(served).toMatch(wroteAndRead);
});

test("converted, the services need no scripts: no pod restarts, and there is nothing to do", async () => {
  await zookeeper("create", "/pai-test", "kept");
  const pods = await podUids();
  tree = await mkdtemp(path.join(tmpdir(), "pai-converted-"));
  await cp(path.join(root, "src"), path.join(tree, "src"), { recursive: true });
  for (const name of services) {
    const { stdout, stderr } = await run("paictl", "service", "convert", "-n", name, "-p", configuration);
    expect(stdout + stderr).toContain(`service.yaml is written; nothing to do for ${name}`);
  }
  const plan = await run("paictl", "service", "plan", "-p", configuration);
  expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing to do") });
  expect(await service("start")).toEqual(outcomeOfAll("unchanged"));
  expect(await podUids()).toEqual(pods);
});

test("a converted ZooKeeper restarts for a changed setting, with its data and that of HBase", async () => {
  const before = await podUids();
  await configure((text) => `${text}\nzookeeper:\n  heap: 160m\n`);
  await service("start", "-n", "hbase");
  const after = await podUids();
  expect(Object.keys(after).filter((app) => after[app] !== before[app])).toEqual(["zookeeper"]);
  expect(await zookeeper("get", "/pai-test")).toContain("kept");
  const [row, served] = await canary();
  expect(row).toMatch(/^canary: an earlier run has left a row at 20/);
  expect(served).toMatch(wroteAndRead);
});

test("deleted services leave nothing, and can be deleted again", async () => {
  await service("delete", "--yes");
  for (const folder of ["zookeeper", "hdfs/name", "hdfs/data"])
    await expect(access(path.join(data, folder))).rejects.toThrow("ENOENT");
  expect(await podUids()).toEqual({});
  const names = await kubectl("get", "daemonset,deployment,job,configmap,secret", "-o", "name");
  expect(names.split("\n").filter((name) => /hbase|hadoop|zookeeper|host-conf|registry/.test(name))).toEqual(
    [],
  );
  await service("delete", "--yes");
});

test("without scripts it starts from nothing, too, and serves a write", async () => {
  expect(await service("start", "-n", "hbase")).toEqual(outcomeOfAll("changed"));
  const [before, served] = await canary();
  expect(before).toBe("canary: no earlier run has left a row");
  expect(served).toMatch(wroteAndRead);
});

const run = (command: string, ...args: string[]): Promise<CommandResult> =>
  runCommand(command, args, { cwd: tree, env });
const outcomeOfAll = (outcome: string): Record<string, string> =>
  Object.fromEntries(services.map((name) => [name, outcome]));

/** How each service or image ended, by the events of a command that has to succeed. */
async function outcomes(command: string, ...args: string[]): Promise<Record<string, string>> {
  const events = await printed<ActionEvent>(command, ...args);
  return Object.fromEntries(
    events.flatMap((event) =>
      event.type === "finished" ? [[event.image ?? event.service, event.outcome]] : [],
    ),
  );
}

interface ListedImage {
  readonly image: string;
  readonly tag: string;
  readonly inRegistry: boolean;
}

/** The images of the tree as the registry has them; the engine may have lost some, or their names. */
async function listed(): Promise<ListedImage[]> {
  const lines = await printed<ListedImage & { type: string }>("pai-build", "list", "-c", configuration);
  return lines
    .filter(({ type }) => type === "image")
    .map(({ image, tag, inRegistry }) => ({ image, tag, inRegistry }));
}

async function printed<T>(command: string, ...args: string[]): Promise<T[]> {
  const { code, stdout, stderr } = await run(command, ...args, "--output", "json");
  if (code !== 0) throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as T);
}

const service = (verb: string, ...args: string[]): Promise<Record<string, string>> =>
  outcomes("paictl", "service", verb, "-p", configuration, ...args);

async function kubectl(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run("kubectl", ...args);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

async function canary(): Promise<string[]> {
  const output = await kubectl("exec", "daemonset/hbase-master", "--", "/usr/local/bin/hbase-canary");
  return output.trim().split("\n");
}

const zookeeper = (...command: string[]): Promise<string> =>
  kubectl("exec", "daemonset/hbase-master", "--", "hbase", "zkcli", "-server", "10.77.0.1:2181", ...command);

/** The uid of the tree's pods, by their app. */
async function podUids(): Promise<Record<string, string>> {
  const apps =
    "app in (zookeeper,hadoop-name-node,hadoop-data-node,hadoop-batch-job,hbase-master,hbase-regionserver)";
  const lines = await kubectl(
    "get",
    "pods",
    "-l",
    apps,
    "-o",
    'jsonpath={range .items[*]}{.metadata.labels.app}={.metadata.uid}{"\\n"}{end}',
  );
  return Object.fromEntries(
    lines
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split("=") as [string, string]),
  );
}

async function configure(change: (text: string) => string): Promise<void> {
  const file = path.join(configuration, "services-configuration.yaml");
  await writeFile(file, change(await readFile(file, "utf8")));
}
