// The configuration commands on the real cluster. The ConfigMaps have OpenPAI's names, one set in a cluster:
// what is there is kept aside and put back.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runCommand, type CommandResult } from "./support/cli.ts";
import { localKubeconfig } from "./support/cluster.ts";
import { pushedConfigMaps, testClusterId } from "./support/pushed-configuration.ts";

const run = promisify(execFile);
const main = path.resolve(import.meta.dirname, "../tools/paictl/src/main.ts");
const password = "clear-text-4711";

let root: string;
let kept: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "pai-config-"));
  kept = await kubectl(
    "get",
    "configmap",
    "-n",
    "default",
    "--ignore-not-found",
    ...pushedConfigMaps,
    "-o",
    "json",
  );
});
beforeEach(async () => {
  await kubectl("delete", "configmap", "-n", "default", "--ignore-not-found", ...pushedConfigMaps);
  await rm(root, { recursive: true });
  await write("src/a/deploy/service.yaml", "template-list: []\n");
  await write("configuration/services-configuration.yaml", services("one"));
  const { code, stderr } = await paictl("layout");
  if (code !== 0) throw new Error(stderr);
});
afterAll(async () => {
  await kubectl("delete", "configmap", "-n", "default", "--ignore-not-found", ...pushedConfigMaps);
  for (const { metadata, data } of itemsOf(kept)) {
    const literals = Object.entries(data ?? {}).map(([key, text]) => `--from-literal=${key}=${text}`);
    await kubectl("create", "configmap", "-n", "default", metadata.name, ...literals);
  }
  await rm(root, { recursive: true, force: true });
});

interface ConfigMap {
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

function itemsOf(json: string): readonly ConfigMap[] {
  if (json === "") return [];
  const parsed = JSON.parse(json) as ConfigMap & { readonly items?: readonly ConfigMap[] };
  return parsed.items ?? [parsed];
}

async function kubectl(...argv: string[]): Promise<string> {
  return (await run("kubectl", argv, { env: { ...process.env, KUBECONFIG: localKubeconfig } })).stdout;
}

const paictl = (...argv: string[]): Promise<CommandResult> =>
  runCommand("node", [main, ...argv, "--root", root, "--kubeconfig", localKubeconfig], { cwd: root });

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
}

const services = (tag: string): string => `cluster:
  common: {cluster-id: ${testClusterId}}
  docker-registry: {domain: "127.0.0.1:5077", namespace: n, tag: ${tag}, secret-name: s}
a:
  password: ${password}
`;

async function pushedFiles(): Promise<Readonly<Record<string, string>>> {
  const [map] = itemsOf(
    await kubectl("get", "configmap", "-n", "default", "pai-configuration", "-o", "json"),
  );
  return map?.data ?? {};
}

test("push stores files and id, says so once about passwords, and never drops a file", async () => {
  await write("configuration/notes.txt", "not configuration");
  const first = await paictl("config", "push", "-p", "configuration", "--yes");
  expect(first).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("pushed to the cluster test-cluster"),
  });
  expect(first.stderr.match(/passwords in clear text/g)).toHaveLength(1);
  expect(first.stdout + first.stderr).not.toContain(password);
  expect(Object.keys(await pushedFiles()).toSorted()).toEqual(["layout.yaml", "services-configuration.yaml"]);
  expect((await paictl("config", "get-id")).stdout).toBe("test-cluster\n");

  await kubectl(
    "patch",
    "configmap",
    "-n",
    "default",
    "pai-configuration",
    "-p",
    '{"data":{"config.yaml":"user: x"}}',
  );
  await write("configuration/services-configuration.yaml", services("two"));
  await rm(path.join(root, "configuration/notes.txt"));
  const second = await paictl(
    "config",
    "push",
    "-p",
    "configuration",
    "--cluster-id",
    "test-cluster",
    "-m",
    "service",
  );
  expect(second.stdout).toMatch(/services-configuration\.yaml +changed/);
  expect(second.stdout).toMatch(/layout\.yaml +unchanged/);
  expect(second.stdout).toMatch(/config\.yaml +kept/);
  expect(await pushedFiles()).toMatchObject({
    "config.yaml": "user: x",
    "services-configuration.yaml": services("two"),
  });
});

test("another id, and no id where nobody can be asked, change nothing", async () => {
  await paictl("config", "push", "-p", "configuration", "--cluster-id", testClusterId);
  await write("configuration/services-configuration.yaml", services("two"));
  const wrong = await paictl("config", "push", "-p", "configuration", "--cluster-id", "other");
  expect(wrong).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`the id of this cluster is "${testClusterId}", not "other"`),
  });
  const silent = await paictl("config", "push", "-p", "configuration");
  expect(silent).toMatchObject({ code: 2, stderr: expect.stringContaining("--cluster-id <id> or --yes") });
  expect((await pushedFiles())["services-configuration.yaml"]).toBe(services("one"));
});

test("pull brings back what was pushed, for its owner's eyes, and asks before it replaces another file", async () => {
  await paictl("config", "push", "-p", "configuration", "--yes");
  expect(await paictl("config", "pull", "-o", "pulled", "--yes")).toMatchObject({ code: 0 });
  const file = path.join(root, "pulled/services-configuration.yaml");
  expect(await readFile(file, "utf8")).toBe(services("one"));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeFile(file, "mine: 1\n");
  const again = await paictl("config", "pull", "-o", "pulled", "--cluster-id", "test-cluster");
  expect(again).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Replace services-configuration.yaml"),
  });
  expect(await readFile(file, "utf8")).toBe("mine: 1\n");
});

test("diff shows changed lines with secrets masked, and ends with 3", async () => {
  expect(await paictl("config", "diff")).toMatchObject({
    code: 3,
    stdout: "no configuration was pushed to the cluster\n",
  });
  await paictl("config", "push", "-p", "configuration", "--yes");
  expect(await paictl("config", "diff")).toMatchObject({
    code: 0,
    stdout: "configuration is what was pushed\n",
  });
  await write("configuration/services-configuration.yaml", services("two").replace(password, "another-0815"));
  const { code, stdout } = await paictl("config", "diff");
  expect(code).toBe(3);
  expect(stdout).toMatch(/3 - .*tag: one/);
  expect(stdout).toMatch(/3 \+ .*tag: two/);
  expect(stdout).toContain("5 + " + "  password: ***");
  expect(stdout).not.toMatch(/clear-text-4711|another-0815/);
});

test("external storage: a push without -p takes the configuration from where the cluster says", async () => {
  await paictl("config", "push", "-p", "configuration", "--yes");
  await write("elsewhere/services-configuration.yaml", services("far"));
  await write("elsewhere/layout.yaml", await readFile(path.join(root, "configuration/layout.yaml"), "utf8"));
  for (const args of [
    ["init", "-q", "-b", "main"],
    ["add", "."],
    ["commit", "-q", "-m", "x"],
  ]) {
    const person = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
    await run("git", ["-C", path.join(root, "elsewhere"), ...person, ...args]);
  }
  await write("storage.yaml", `type: git\nurl: ${path.join(root, "elsewhere")}\nbranch: main\npath: .\n`);
  const update = await paictl(
    "config",
    "external-config-update",
    "--extneral-storage-conf-path",
    "storage.yaml",
    "--yes",
  );
  expect(update).toMatchObject({ code: 0 });
  expect(await paictl("config", "push", "--yes")).toMatchObject({ code: 0 });
  expect((await pushedFiles())["services-configuration.yaml"]).toBe(services("far"));
  await write("storage.yaml", "type: git\nurl: x\nbranch: main\n");
  const bad = await paictl("config", "push", "-e", "storage.yaml", "--yes");
  expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining("storage.yaml: path is missing") });
});

test("a service command refuses two configurations that differ, until told which", async () => {
  const status = (...more: string[]): Promise<CommandResult> => paictl("service", "status", ...more);
  expect(await status()).toMatchObject({ code: 0 });
  await paictl("config", "push", "-p", "configuration", "--yes");
  expect(await status()).toMatchObject({ code: 0 });
  await write("configuration/services-configuration.yaml", services("two"));
  const refused = await status();
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("the configuration here is not the one pushed to the cluster");
  expect(refused.stderr).toContain("differs   configuration/services-configuration.yaml");
  expect(refused.stderr).toContain("-p configuration or --pushed");
  expect(await status("-p", "configuration")).toMatchObject({ code: 0 });
  expect(await status("--pushed")).toMatchObject({ code: 0 });

  // Without a folder here, the pushed one is used, and nothing of it stays on disk.
  const pushedFolders = async (): Promise<string[]> =>
    (await readdir(tmpdir())).filter((name) => name.startsWith("pai-pushed-"));
  const before = await pushedFolders();
  await rm(path.join(root, "configuration"), { recursive: true });
  expect(await status()).toMatchObject({ code: 0 });
  expect(await pushedFolders()).toEqual(before);
});

test("generate writes a folder that is valid, and keeps files that are there", async () => {
  await rm(path.join(root, "configuration"), { recursive: true });
  await write("machines.yaml", "machines: [m1=10.0.0.1, w1=10.0.0.2]\nssh-username: ops\n");
  const argv = ["config", "generate", "--root", root, "-i", "machines.yaml", "--registry", "10.0.0.1:5000"];
  const generate = (...more: string[]): Promise<CommandResult> =>
    runCommand("node", [main, ...argv, ...more], { cwd: root });
  expect(await generate()).toMatchObject({ code: 0 });
  const validate = await runCommand("node", [main, "config", "validate", "--root", root], { cwd: root });
  expect(validate.stdout).toContain("machines   m1, w1");
  expect((await generate()).stdout).toContain("kept; -f replaces it");
  expect((await generate("-f")).stdout).not.toContain("kept");
});

test.each(["machine add -p x -l y", "cluster k8s-bootup -p x", "node remove -n a b", "utility ssh -c ls"])(
  "paictl %s ends with 2 and says what to do today",
  async (line) => {
    const { code, stderr } = await runCommand("node", [main, ...line.split(" ")], { cwd: root });
    expect(code).toBe(2);
    expect(stderr).toContain(`error[USAGE]: paictl ${line.split(" ")[0]} `);
    expect(stderr).toContain("hint: ");
  },
);
