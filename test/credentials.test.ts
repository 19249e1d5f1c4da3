// One run with credentials in every place that they can be in, and then a search for each of them.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { connectEngine, findLocalImage, pushImage } from "@pai/docker";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "./support/cli.ts";
import { engine, importShell, localTags } from "./support/docker.ts";
import { startRegistry, type TestRegistry } from "./support/registry.ts";
import { secretsBelow, secretsIn, watchProcesses } from "./support/secret-search.ts";
import { startTokenIssuer } from "./support/token-issuer.ts";
import { copyWorkspace, type Workspace } from "./support/workspace.ts";

const id = randomUUID().slice(0, 8);
const namespace = `credentials-${id}`;
const service = `vault-${id}`;
const secrets = {
  "environment variable of the configuration": `Horse-${id}?environment`,
  "file of the configuration": `Horse-${id}?file`,
  "config.json": `Horse-${id}?docker`,
  "credential helper": `Horse-${id}?helper`,
  "build secret": `Horse-${id}?build`,
};
const program = path.join(import.meta.dirname, "../tools/pai-build/src/main.ts");

let workspace: Workspace;
/** Outside of the tree: what holds the credentials that the run is given. */
let outside: string;
const closing: (() => Promise<void>)[] = [];
const registries: TestRegistry[] = [];

async function startGuarded(password: string): Promise<TestRegistry> {
  const issuer = await startTokenIssuer({ username: "ops", password });
  const registry = await startRegistry({ auth: issuer.auth });
  closing.push(registry.stop, issuer.stop);
  registries.push(registry);
  return registry;
}

async function pushBase(registry: TestRegistry): Promise<string> {
  const { signal } = new AbortController();
  const repository = `${registry.host}/${namespace}/base`;
  await importShell(`${namespace}-shell`);
  const docker = await connectEngine({ signal });
  const image = await findLocalImage(docker, `${namespace}-shell:1`, signal);
  if (!image) throw new Error("the shell image is not there");
  const credentials = { username: "ops", password: secrets["config.json"] };
  await pushImage(docker, { image, repository, tag: "1", credentials, onProgress: () => undefined, signal });
  await engine("DELETE", `/images/${namespace}-shell:1?force=true`);
  return `${repository}:1`;
}

beforeAll(async () => {
  outside = await mkdtemp(path.join(tmpdir(), "pai-credentials-"));
  workspace = await copyWorkspace("hbase-mini");
  const [main, mirror, bases, helped] = await Promise.all([
    startGuarded(secrets["environment variable of the configuration"]),
    startGuarded(secrets["file of the configuration"]),
    startGuarded(secrets["config.json"]),
    startGuarded(secrets["credential helper"]),
  ]);
  const base = await pushBase(bases);
  const auth = Buffer.from(`ops:${secrets["config.json"]}`).toString("base64");
  const config = { auths: { [bases.host]: { auth } }, credHelpers: { [helped.host]: "paitest" } };
  await mkdir(path.join(outside, "docker"));
  await writeFile(path.join(outside, "docker/config.json"), JSON.stringify(config));
  await writeFile(path.join(outside, "password"), secrets["file of the configuration"]);
  const helper = path.join(outside, "docker-credential-paitest");
  const answer = JSON.stringify({ Username: "ops", Secret: secrets["credential helper"] });
  await writeFile(helper, `#!/bin/sh\nread host\necho '${answer}'\n`);
  await chmod(helper, 0o755);

  await workspace.write(
    "configuration/services-configuration.yaml",
    `cluster:
  docker-registry:
    domain: ${main.host}
    namespace: ${namespace}
    tag: latest
    secret-name: s
    username: ops
    password: \${env:PAI_TEST_PASSWORD}
    mirrors:
    - {domain: "${mirror.host}", namespace: n, username: ops, password: "\${file:${outside}/password}"}
    - {domain: "${helped.host}", namespace: n}
`,
  );
  const mount = "RUN --mount=type=secret,id=build-token,required=true";
  await workspace.write(
    `src/${service}/build/${service}.dockerfile`,
    `FROM ${base}\nCOPY build/version /version\n${mount} cat /run/secrets/build-token\n`,
  );
  await workspace.write(`src/${service}/build/version`, "1\n");
  await workspace.write(`src/${service}/deploy/service.yaml`, "build:\n  secrets: [build-token]\n");
});
afterAll(async () => {
  for (const name of [namespace, service, ...registries.map(({ host }) => host)])
    for (const tag of await localTags(name)) await engine("DELETE", `/images/${tag}?force=true`);
  await Promise.all(closing.map((close) => close()));
  await workspace.dispose();
  await rm(outside, { recursive: true });
});

test("build, push, login and Nx with credentials in every place leave none of them anywhere", async () => {
  const env = {
    ...workspace.env,
    PATH: `${outside}:${workspace.env.PATH}`,
    DOCKER_CONFIG: path.join(outside, "docker"),
    PAI_TEST_PASSWORD: secrets["environment variable of the configuration"],
    BUILD_TOKEN: secrets["build secret"],
  };
  const said: string[] = [];
  const run = async (command: string, ...args: string[]): Promise<void> => {
    const { code, stdout, stderr } = await runCommand(command, args, { cwd: workspace.root, env });
    said.push(stdout, stderr);
    expect({ code, stderr, stdout }).toMatchObject({ code: 0 });
  };
  const watch = watchProcesses(secrets);
  await run(process.execPath, program, "build", "-s", service);
  await run(process.execPath, program, "push", "-s", service);
  await run(process.execPath, program, "login", "--check");
  await workspace.write(`src/${service}/build/version`, "2\n");
  await run("nx", "run", `${service}:push`, "--tag=from-nx", "--output-style=static");
  const processes = watch.stop();

  // The secret was there to be seen: the step printed it, and it was masked.
  expect(said.join("\n")).toContain("***");
  for (const registry of registries) expect(registry.requests().length).toBeGreaterThan(0);
  expect(registries.flatMap((registry) => registry.requests())).toContain(
    `PUT /v2/${namespace}/${service}/manifests/from-nx`,
  );
  const images = (await localTags(namespace)).filter((tag) => tag.includes(service));
  expect(images.length).toBeGreaterThan(1);
  const histories = await Promise.all(
    images.flatMap((tag) => [engine("GET", `/images/${tag}/history`), engine("GET", `/images/${tag}/json`)]),
  );

  expect(processes.seen).toBeGreaterThan(20);
  expect(processes.found).toEqual([]);
  expect(secretsIn(said.join("\n"), secrets)).toEqual([]);
  expect(secretsIn(JSON.stringify(histories), secrets)).toEqual([]);
  // The tree with dist, Nx's cache and its workspace data.
  expect(secretsBelow(path.dirname(workspace.root), secrets)).toEqual([]);
  // Manifests, configurations, layers and logs.
  for (const { folder } of registries) expect(secretsBelow(folder, secrets)).toEqual([]);
});

test("the search finds what is planted, in every form and place", async () => {
  const [[name, secret]] = Object.entries(secrets) as [[string, string]];
  const folder = path.join(outside, "planted/deep");
  await mkdir(folder, { recursive: true });
  const forms = {
    plain: `password: ${secret}`,
    login: Buffer.from(`ops:${secret}`).toString("base64"),
    header: Buffer.from(JSON.stringify({ username: "ops", password: secret })).toString("base64url"),
    url: `https://ops:${encodeURIComponent(secret)}@proxy`,
  };
  for (const [form, text] of Object.entries(forms)) {
    expect(secretsIn(text, secrets), form).toEqual([name]);
    await writeFile(path.join(folder, form), gzipSync(text));
  }
  expect(secretsBelow(path.dirname(folder), secrets)).toHaveLength(Object.keys(forms).length);

  const watch = watchProcesses(secrets);
  const child = spawn("sleep", ["5"], { argv0: forms.login });
  await sleep(300);
  child.kill();
  expect(watch.stop().found).toEqual([expect.stringContaining(name)]);
});
