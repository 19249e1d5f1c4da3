// From an empty folder to a running service with nothing but generators, on the real engine, registry and cluster.
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engine, localTags } from "./support/docker.ts";
import { localKubeconfig } from "./support/cluster.ts";
import { publishShell } from "./support/image-suite.ts";
import { copyWorkspace, type Workspace } from "./support/workspace.ts";

const id = `gen-${randomUUID().slice(0, 8)}`;
const base = `127.0.0.1:5077/${id}/shell`;
const queue = `${id}-queue`;
const plain = `${id}-plain`;
const web = `${id}-web`;
const deployed = [queue, plain, web];

let workspace: Workspace;
let old: Workspace;
beforeAll(async () => {
  workspace = await copyWorkspace("hbase-mini");
  await rm(path.join(workspace.root, "nx.json"));
  await rm(path.join(workspace.root, ".gitignore"));
  await rm(path.join(workspace.root, "src"), { recursive: true });
  const file = "configuration/services-configuration.yaml";
  const text = await workspace.read(file);
  await workspace.write(file, text.replace("namespace: hbase-mini", `namespace: ${id}`));
  await workspace.commit("configuration only");
  await publishShell(base);
  old = await copyWorkspace("openpai-v0.9");
  const overrides = await old.read(file);
  await old.write(file, overrides.replace("namespace: openpai-v09", `namespace: ${id}`));
  await old.commit("a tree of OpenPAI");
});
afterAll(async () => {
  const kubectl = ["--kubeconfig", localKubeconfig, "delete", "--ignore-not-found", "--wait=false"];
  await workspace.run("kubectl", ...kubectl, "deployment", ...deployed);
  const records = ["service", "history"].flatMap((kind) => deployed.map((name) => `pai-${kind}-${name}`));
  await workspace.run("kubectl", ...kubectl, "configmap,secret", ...records);
  for (const tag of await localTags(id)) await engine("DELETE", `/images/${tag}?force=true`);
  await workspace.dispose();
  await old.dispose();
});

async function nx(...args: string[]): Promise<string> {
  return nxIn(workspace, ...args);
}

async function nxIn({ run }: Workspace, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run("nx", ...args);
  expect({ code, output: stdout + stderr }).toMatchObject({ code: 0 });
  return stdout + stderr;
}

test("init makes a workspace of a tree that is none", async () => {
  await nx("g", "@pai/nx-plugin:init");
  expect(JSON.parse(await workspace.read("nx.json"))).toMatchObject({
    plugins: ["@pai/nx-plugin"],
    analytics: false,
  });
  expect(await workspace.read(".gitignore")).toBe(".nx/cache\n.nx/workspace-data\ndist\n");
});

test("--dry-run writes nothing", async () => {
  expect(await nx("g", "@pai/nx-plugin:service", queue, "--dry-run")).toContain(`CREATE src/${queue}/`);
  await expect(workspace.read(`src/${queue}/deploy/service.yaml`)).rejects.toThrow("ENOENT");
});

test("a prerequisite that is no service is refused", async () => {
  const { code, stdout, stderr } = await workspace.run(
    "nx",
    "g",
    "@pai/nx-plugin:service",
    web,
    `--prerequisite=${queue}x`,
  );
  expect(code).toBe(1);
  expect(stdout + stderr).toContain("there is no such service to deploy; there is none yet");
});

test("generated services pass the check unedited, with scripts and without", async () => {
  await nx("g", "@pai/nx-plugin:service", queue, "--image", `--base=${base}:1`, "--declarative");
  await nx("g", "@pai/nx-plugin:service", plain);
  const needs = [`--prerequisite=${queue}`, `--prerequisite=${plain}`];
  await nx("g", "@pai/nx-plugin:service", web, ...needs, "--image", `--base=${base}:1`);
  expect(await workspace.read(`src/${web}/deploy/service.yaml`)).toContain(
    `prerequisite:\n  - ${queue}\n  - ${plain}\n`,
  );
  const output = await nx("run-many", "-t", "check", "--output-style=static");
  expect(output).not.toMatch(/\b(?:error|warning) +src\//);
  await workspace.commit("three services");
});

test("their own tests pass", async () => {
  const tests = [web, plain].map((name) => `src/${name}/test/${name}.test.mjs`);
  const { code, stdout } = await workspace.run("node", "--test", ...tests);
  expect({ code, stdout }).toMatchObject({ code: 0 });
});

test("deploying one builds, pushes and starts all that it needs", async () => {
  // The image that it has by default stands in a registry which not every machine reaches.
  const file = "configuration/services-configuration.yaml";
  await workspace.write(file, `${await workspace.read(file)}${plain}:\n  image: ${base}:1\n`);
  const output = await nx("run", `${web}:deploy`, `--kubeconfig=${localKubeconfig}`, "--timeout=240");
  const tasks = [
    `${queue}:build`,
    `${queue}:push`,
    `${web}:push`,
    ...deployed.map((name) => `${name}:deploy`),
  ];
  for (const task of tasks) expect(output).toContain(task);
  expect(output).toContain("1/1 pods");
});

test("with everything in the registry, a clone without any engine pushes and deploys", async () => {
  await rm(path.join(workspace.root, "dist"), { recursive: true });
  workspace.env.DOCKER_HOST = "unix:///nowhere/docker.sock";
  try {
    const options = [`--kubeconfig=${localKubeconfig}`, "--output-style=static"];
    const output = await nx("run-many", "-t", "push,deploy", "-p", web, ...options);
    expect(output).not.toMatch(/:build +\[(?:local cache|existing outputs)/);
    const pushed = output.split("> nx run ").filter((part) => part.startsWith(`${web}:push`));
    expect(pushed.join("")).toContain("in the registry, sha256:");
    expect(output).toContain("nothing changed");
  } finally {
    delete workspace.env.DOCKER_HOST;
  }
});

test("--no-images deploys what the registry has, and the engine is not asked", async () => {
  for (const tag of await localTags(id)) await engine("DELETE", `/images/${tag}?force=true`);
  const output = await nx(
    "run",
    `${web}:deploy`,
    `--kubeconfig=${localKubeconfig}`,
    "--no-images",
    "--output-style=static",
  );
  expect(output).toContain("nothing changed");
  expect(output).not.toContain("engine docker");
});

test("stopping the first stops the second before", async () => {
  const output = await nx("run", `${queue}:delete`, "--yes", `--kubeconfig=${localKubeconfig}`);
  expect(output.indexOf(`${web}:delete`)).toBeLessThan(output.indexOf(`> nx run ${queue}:delete`));
});

test("a tree of OpenPAI needs init and no other change to be built and explained", async () => {
  await nxIn(old, "g", "@pai/nx-plugin:init");
  expect((await old.run("git", "status", "--short")).stdout).toBe("?? .gitignore\n?? nx.json\n");
  const built = await nxIn(old, "run", "node-exporter:build", "--output-style=static");
  expect(built).toContain("> nx run base-image:build");
  expect(await localTags(`${id}/node-exporter:c-`)).toHaveLength(1);
  const explained = await nxIn(old, "run", "node-exporter:explain", "--no-deployed");
  expect(explained).toMatch(/node-exporter +c-\w+… +is built here, and not in the registry/);
});

test("a generated image stands on the base-image of the tree, where it names no other", async () => {
  const echo = `${id}-echo`;
  await nxIn(old, "g", "@pai/nx-plugin:service", echo, "--image");
  expect(await old.read(`src/${echo}/build/${echo}.dockerfile`)).toMatch(/^FROM base-image\n/);
  await nxIn(old, "run-many", "-t", "check,build", "-p", echo);
  expect(await localTags(`${id}/${echo}:c-`)).toHaveLength(1);
});

test("what a workspace has of its own survives init, and does not get into the services' targets", async () => {
  const build = {
    cache: true,
    dependsOn: ["^build"],
    inputs: ["production"],
    outputs: ["{projectRoot}/dist"],
  };
  const own = {
    namedInputs: { production: ["default"] },
    targetDefaults: { build },
    plugins: ["./tools/notes.mjs"],
    parallel: 2,
  };
  await old.write("nx.json", JSON.stringify(own));
  await old.write(
    "tools/notes.mjs",
    `const targets = { build: { command: "echo the notes of $NX_TASK_TARGET_PROJECT" } };
export const createNodes = ["**/notes.txt", (files) => files.map((file) => [file, { projects: { "apps/notes": { name: "notes", targets } } }])];
`,
  );
  await old.write("apps/notes/notes.txt", "");
  await old.write(
    "apps/site/project.json",
    JSON.stringify({ name: "site", targets: { build: { command: "echo the site" } } }),
  );
  await nxIn(old, "g", "@pai/nx-plugin:init");
  expect(JSON.parse(await old.read("nx.json"))).toMatchObject({
    ...own,
    plugins: ["./tools/notes.mjs", "@pai/nx-plugin"],
  });
  const buildOf = async (project: string): Promise<unknown> =>
    (JSON.parse(await nxIn(old, "show", "project", project, "--json")) as { targets: { build: unknown } })
      .targets.build;
  expect(await buildOf("site")).toMatchObject(build);
  expect(await buildOf("node-exporter")).toMatchObject({
    dependsOn: [{ target: "build", projects: ["base-image"] }],
    outputs: ["{workspaceRoot}/dist/images/node-exporter.json"],
  });
  const output = await nxIn(old, "run-many", "-t", "build", "--output-style=static");
  for (const text of ["the site", "the notes of notes", "> nx run node-exporter:build"])
    expect(output).toContain(text);
});
