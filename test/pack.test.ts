// The packages as others get them: installed from their tarballs into an empty folder, on Node alone.
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand, type CommandResult } from "./support/cli.ts";
import { localKubeconfig } from "./support/cluster.ts";
import { engine, importShell, localTags } from "./support/docker.ts";

const repository = path.resolve(import.meta.dirname, "..");
const id = `pack-${randomUUID().slice(0, 8)}`;
const service = `${id}-web`;

/** The oldest Node that the packages are for, as the npm package `node` gets it for this machine. */
const oldest = { name: `node-${process.platform}-${process.arch}`, version: "22.18.0" };

let folder: string;
let tree: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pai-pack-"));
  tree = path.join(folder, "tree");
  await succeeds(
    runCommand("node", ["tools/pack/src/main.ts", path.join(folder, "packages")], { cwd: repository }),
  );
  await mkdir(tree);
  await writeFile(path.join(tree, "package.json"), '{ "name": "tree", "private": true }\n');
  const tarballs = (await readdir(path.join(folder, "packages"))).filter((name) => name.endsWith(".tgz"));
  const install = ["install", "--offline", "--omit=peer", "--legacy-peer-deps", "--no-audit", "--no-fund"];
  await run("npm", ...install, ...tarballs.map((name) => path.join(folder, "packages", name)));
  const get = [
    "install",
    "--prefix",
    path.join(folder, "oldest"),
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
  ];
  await run("npm", ...get, `${oldest.name}@${oldest.version}`);
  await importShell(`${id}/shell`);
});
afterAll(async () => {
  await runCommand(
    "kubectl",
    ["--kubeconfig", localKubeconfig, "delete", "--ignore-not-found", "deployment", service],
    {
      cwd: folder,
    },
  );
  for (const tag of await localTags(id)) await engine("DELETE", `/images/${tag}?force=true`);
  await rm(folder, { recursive: true, force: true });
});

async function succeeds(result: Promise<CommandResult>): Promise<string> {
  const { code, stdout, stderr } = await result;
  expect({ code, output: stdout + stderr }).toMatchObject({ code: 0 });
  return stdout + stderr;
}

function run(command: string, ...args: string[]): Promise<string> {
  return runWith([], command, args);
}

function runOnOldest(command: string, ...args: string[]): Promise<string> {
  return runWith([path.join(folder, "oldest/node_modules", oldest.name, "bin")], command, args);
}

/** With these folders in front of PATH. */
function runWith(first: readonly string[], command: string, args: readonly string[]): Promise<string> {
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const bins = [tree, repository].map((root) => path.join(root, "node_modules/.bin"));
  const env = {
    ...inherited,
    PATH: [...first, ...bins, process.env.PATH].join(path.delimiter),
    KUBECONFIG: localKubeconfig,
    NX_DAEMON: "false",
    NX_TUI: "false",
    NO_COLOR: "1",
  };
  return succeeds(runCommand(command, args, { cwd: tree, env }));
}

test("two packages and nothing else are installed, with types of their own", async () => {
  const installed = (await readdir(path.join(tree, "node_modules"))).filter((name) => !name.startsWith("."));
  expect(installed).toEqual(["@pai", "pai"]);
  await writeFile(
    path.join(tree, "settings.ts"),
    `import type { ActionEvent, ServiceConfigModule } from "pai";
import type { PluginOptions } from "@pai/nx-plugin";
export const options: PluginOptions = { config: "x" };
export const kind = (event: ActionEvent): string => event.type;
export default { run: ({ settings }) => ({ ...settings, made: 1 }) } satisfies ServiceConfigModule;
`,
  );
  await run("tsc", "--noEmit", "--strict", "--module", "nodenext", "--types", "", "settings.ts");
});

test("commands say their version and what they can do", async () => {
  const { version } = JSON.parse(await readFile(path.join(repository, "package.json"), "utf8")) as {
    version: string;
  };
  for (const command of ["pai-build", "paictl", "pai-local"])
    expect(await run(command, "--version")).toBe(`${version}\n`);
  expect(await run("pai-build", "--help")).toContain("pai-build build -c configuration");
});

test("they run on the oldest Node that they name", async () => {
  const manifest = await readFile(path.join(tree, "node_modules/pai/package.json"), "utf8");
  expect(JSON.parse(manifest)).toMatchObject({ engines: { node: ">=22.18" } });
  expect(await runOnOldest("node", "--version")).toBe(`v${oldest.version}\n`);
  for (const command of ["pai-build", "paictl", "pai-local"])
    expect(await runOnOldest(command, "--help")).toContain(`${command} `);
});

test("pai-local knows the stack of this machine, which another installation has brought up", async () => {
  const parts = JSON.parse(await run("pai-local", "status", "--output", "json")) as {
    readonly title: string;
    readonly state: string;
  }[];
  expect(parts.find(({ title }) => title === "Kubernetes")).toMatchObject({ state: "healthy" });
});

test("the plugin makes a workspace and a service, which build, push and start", async () => {
  // Nx itself is what whoever installs the plugin has.
  for (const name of ["nx", "@nx"])
    await symlink(path.join(repository, "node_modules", name), path.join(tree, "node_modules", name));
  await mkdir(path.join(tree, "clusters/one"), { recursive: true });
  for (const file of ["layout.yaml", "services-configuration.yaml"]) {
    const text = await readFile(
      path.join(repository, "test/fixtures/hbase-mini/configuration", file),
      "utf8",
    );
    await writeFile(
      path.join(tree, "clusters/one", file),
      text.replace("namespace: hbase-mini", `namespace: ${id}`),
    );
  }
  await run("git", "init", "--quiet");
  await run("nx", "g", "@pai/nx-plugin:init");
  expect(await readFile(path.join(tree, "nx.json"), "utf8")).toContain('"config": "clusters/one"');
  await run("nx", "g", "@pai/nx-plugin:service", service, "--image", `--base=${id}/shell:1`);
  await run("pai-build", "build", "-c", "clusters/one");
  expect(await run("nx", "run", `${service}:build`)).toContain("already built here");
  await run("pai-build", "push", "-c", "clusters/one");
  expect(await run("nx", "run", `${service}:deploy`)).toContain("1/1 pods");
});

test("paictl looks at it and ends it", async () => {
  for (const on of [run, runOnOldest])
    expect(await on("paictl", "check", "-p", "clusters/one", "--offline")).toContain("nothing found");
  expect(await run("paictl", "service", "status", "-p", "clusters/one")).toMatch(
    new RegExp(`${service} +ready`),
  );
  await run("paictl", "service", "delete", "-p", "clusters/one", "-n", service, "--yes");
});

test("code of a configuration runs from the packages", async () => {
  await writeFile(
    path.join(tree, `src/${service}/config/${service}.ts`),
    'export default { run: ({ settings }) => ({ ...settings, greeting: "made" }) };\n',
  );
  for (const on of [run, runOnOldest])
    expect(await on("paictl", "config", "model", "-p", "clusters/one", "-n", service)).toContain(
      "greeting: made",
    );
});
