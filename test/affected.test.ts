// paictl affected on a real history, and nx affected beside it: it may say more, never less.
import { readdir, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { copyWorkspace, type Workspace } from "./support/workspace.ts";

const paictl = path.resolve(import.meta.dirname, "../tools/paictl/src/main.ts");
const key = (section: string, name: string): string => `{{ cluster_cfg['${section}']['${name}'] }}`;
const hbaseTemplate = "src/hbase/deploy/hbase.yaml.template";
const templateText = `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: hbase}
spec:
  template:
    spec:
      containers:
      - image: {{ cluster_cfg['cluster']['docker-registry']['prefix'] }}hadoop:{{ cluster_cfg['cluster']['docker-registry']['tag'] }}
        args: ["${key("zookeeper", "port")}", "${key("settings", "made")}"]
`;

let workspace: Workspace;
let first: string;

beforeAll(async () => {
  workspace = await copyWorkspace("hbase-mini");
  await workspace.write(hbaseTemplate, templateText);
  await workspace.write(
    "src/zookeeper/deploy/service.yaml",
    await withRule("src/zookeeper/deploy/service.yaml"),
  );
  await workspace.write("src/settings/config/settings.yaml", "base: 1\n");
  await workspace.write(
    "src/settings/config/settings.ts",
    "export default { run: ({ settings }) => ({ ...settings, made: 1 }) };\n",
  );
  first = await workspace.commit("first");
});
afterAll(() => workspace.dispose());
afterEach(async () => {
  await workspace.run("git", "reset", "--quiet", "--hard", first);
  await workspace.run("git", "clean", "--quiet", "-fd");
});

const withRule = async (file: string): Promise<string> =>
  `${await workspace.read(file)}deploy-rules:\n  - in: pai-worker\n`;

interface Answer {
  readonly affected: readonly {
    readonly service: string;
    readonly change: string;
    readonly reasons: readonly {
      readonly kind: string;
      readonly what: string;
      readonly because: readonly string[];
    }[];
  }[];
}

async function affected(...args: string[]): Promise<Record<string, string[]>> {
  const { code, stdout, stderr } = await workspace.run(
    "node",
    paictl,
    "affected",
    "--format",
    "json",
    ...(args.length > 0 ? args : ["--base", first]),
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return Object.fromEntries(
    (JSON.parse(stdout) as Answer).affected.map(({ service, change, reasons }) => [
      service,
      change === "changed"
        ? reasons.map(({ kind, what, because }) =>
            [kind, what, ...because.map((each) => `<- ${each}`)].join(" "),
          )
        : [change],
    ]),
  );
}

async function nxAffected(target: string): Promise<string[]> {
  const file = path.join(workspace.root, "dist", "affected.json");
  const { code, stdout, stderr } = await workspace.run(
    "nx",
    "affected",
    "-t",
    target,
    `--base=${first}`,
    "--head=HEAD",
    `--graph=${file}`,
  );
  expect({ code, output: stdout + stderr }).toMatchObject({ code: 0 });
  const { tasks } = JSON.parse(await readFile(file, "utf8")) as { tasks: { tasks: Record<string, unknown> } };
  return Object.keys(tasks.tasks).map((task) => task.split(":", 1)[0] ?? "");
}

/** Commits the change, and makes sure that nx names every deployable service that paictl names. */
async function committed(file: string, text: string): Promise<Record<string, string[]>> {
  await workspace.write(file, text);
  await workspace.commit("change");
  const found = await affected("--base", first, "--head", "HEAD");
  const named = await nxAffected("deploy");
  const deployable = ["cluster-configuration", "hbase", "zookeeper"];
  expect(named).toEqual(
    expect.arrayContaining(Object.keys(found).filter((name) => deployable.includes(name))),
  );
  return found;
}

test("nothing is affected by no change, and nothing is left behind", async () => {
  const folders = async (): Promise<string[]> =>
    (await readdir(tmpdir())).filter((name) => name.startsWith("pai-affected-"));
  const before = await folders();
  expect(await affected()).toEqual({});
  expect(await folders()).toEqual(before);
  const { stdout } = await workspace.run("git", "status", "--porcelain");
  expect(stdout).toBe("");
});

test("a template, a script and a static file affect their own service", async () => {
  expect(await committed(hbaseTemplate, templateText.replace("name: hbase", "name: hbase-2"))).toEqual({
    hbase: [`rendered hbase.yaml <- ${hbaseTemplate}`],
  });
  await workspace.run("git", "reset", "--quiet", "--hard", first);
  expect(await committed("src/zookeeper/deploy/start.sh", "#!/bin/bash\nexit 0\n")).toEqual({
    zookeeper: ["script src/zookeeper/deploy/start.sh"],
  });
});

test("a comment of a template or of service.yaml affects nothing", async () => {
  await workspace.write(hbaseTemplate, `{# why #}${templateText}`);
  const file = "src/hbase/deploy/service.yaml";
  await workspace.write(file, `# why\n${await workspace.read(file)}`);
  expect(await affected()).toEqual({});
});

test("a default of one service affects those whose templates read it, and nx names them too", async () => {
  expect(await committed("src/zookeeper/config/zookeeper.yaml", "port: 2182\n")).toEqual({
    hbase: ["rendered hbase.yaml <- zookeeper.port"],
  });
});

test("what a service's code makes affects those that read it", async () => {
  const code = "export default { run: ({ settings }) => ({ ...settings, made: 2 }) };\n";
  expect(await committed("src/settings/config/settings.ts", code)).toEqual({
    hbase: ["rendered hbase.yaml <- settings.made"],
  });
});

test("a file of an image affects the services that make it, build on it, or run it", async () => {
  const found = await committed("src/hadoop/build/hadoop.txt", "changed\n");
  expect(Object.keys(found)).toEqual(["hadoop", "hbase"]);
  expect(found["hbase"]).toEqual([
    "image hbase <- src/hadoop/build/hadoop.txt",
    "image hadoop <- src/hadoop/build/hadoop.txt",
  ]);
});

test("how an image is built affects the same as its files do", async () => {
  const found = await committed("src/hadoop/deploy/service.yaml", "build: {epoch: 2}\n");
  expect(found).toEqual({
    hadoop: ["image hadoop <- src/hadoop/deploy/service.yaml"],
    hbase: [
      "image hbase <- src/hadoop/deploy/service.yaml",
      "image hadoop <- src/hadoop/deploy/service.yaml",
    ],
  });
});

test("a label of a machine affects the services with a rule for it", async () => {
  const text = await workspace.read("configuration/layout.yaml");
  const found = await committed(
    "configuration/layout.yaml",
    text.replace('pai-worker: "true"', 'pai-worker: "false"'),
  );
  expect(found).toEqual({ zookeeper: ["label pai-worker <- pai-local -> no node"] });
});

test("a service that cannot be rendered counts as affected, and says why", async () => {
  await workspace.write(hbaseTemplate, "{{ cluster_cfg['none']['x'] }}");
  const { hbase } = await affected();
  expect(hbase).toEqual([
    expect.stringMatching(/^unknown render src\/hbase\/deploy\/hbase\.yaml\.template: /),
  ]);
});

test("the work tree counts as it is: new, deleted and unstaged files, and no file of it changes", async () => {
  await workspace.write("src/new/deploy/service.yaml", "template-list: []\nstart-script: start.sh\n");
  const before = await stat(path.join(workspace.root, hbaseTemplate));
  expect(await affected()).toEqual({ new: ["added"] });
  expect((await stat(path.join(workspace.root, hbaseTemplate))).mtimeMs).toBe(before.mtimeMs);
});

test("a name that is no commit is bad usage", async () => {
  const { code, stderr } = await workspace.run("node", paictl, "affected", "--base", "no-such-branch");
  expect(stderr).toContain('error[USAGE]: "no-such-branch" names no commit');
  expect(code).toBe(2);
});
