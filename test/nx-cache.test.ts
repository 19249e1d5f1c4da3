// Cached builds: a hit only while the image is where it is needed, whatever Nx's cache holds.
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCacheServer, type CacheServer } from "./support/cache-server.ts";
import { engine, localTags } from "./support/docker.ts";
import { startEngine, type TestEngine } from "./support/engine.ts";
import { startRegistry, type TestRegistry } from "./support/registry.ts";
import { copyWorkspace, type Workspace } from "./support/workspace.ts";

const namespace = `nx-cache-${randomUUID().slice(0, 8)}`;
const images = ["base", "hadoop", "hbase", "zookeeper"];

let registry: TestRegistry;
let workspace: Workspace;
beforeAll(async () => {
  registry = await startRegistry();
  workspace = await makeWorkspace();
});
afterAll(async () => {
  await removeFromEngine(namespace);
  await workspace.dispose();
  await registry.stop();
});

async function makeWorkspace(): Promise<Workspace> {
  const made = await copyWorkspace("hbase-mini");
  const file = "configuration/services-configuration.yaml";
  const text = await made.read(file);
  await made.write(
    file,
    text.replace("namespace: hbase-mini", `namespace: ${namespace}`).replace("127.0.0.1:5077", registry.host),
  );
  await made.commit("first");
  return made;
}

async function removeFromEngine(text: string): Promise<void> {
  for (const tag of await localTags(text)) await engine("DELETE", `/images/${tag}?force=true`);
}

async function nx(where: Workspace, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await where.run("nx", ...args, "--output-style=static");
  expect({ code, output: stdout + stderr }).toMatchObject({ code: 0 });
  return stdout;
}

/** The images whose build was not answered from the cache. */
async function built(where = workspace): Promise<string[]> {
  const output = await nx(where, "run-many", "-t", "build");
  const cached = [...output.matchAll(/nx run (\S+):build +\[(?:(?:local|remote) cache|existing outputs)/g)];
  const names = new Set(cached.map(([, name]) => name));
  return images.filter((name) => !names.has(name));
}

async function digestsOf(repository: string): Promise<string[]> {
  const digests = (await registry.tags(repository)).map((tag) => registry.digest(repository, tag));
  return (await Promise.all(digests)).flatMap((digest) => digest ?? []);
}

test("the second build of a tree is a hit for every image", async () => {
  expect(await built()).toEqual(images);
  expect(await built()).toEqual([]);
});

test("other files, and the lock file of packages, are no reason to build", async () => {
  await workspace.write("docs/README.md", "changed\n");
  await workspace.write("package-lock.json", '{ "lockfileVersion": 3, "packages": {} }\n');
  await workspace.write("src/zookeeper/deploy/zookeeper.yaml.template", "kind: ConfigMap\n");
  expect(await built()).toEqual([]);
});

test("a changed file builds its image and those on top of it", async () => {
  await workspace.write("src/hadoop/build/hadoop.txt", "changed\n");
  expect(await built()).toEqual(["hadoop", "hbase"]);
  expect(await built()).toEqual([]);
});

test("an image that is gone from the engine is built again, with those on top of it", async () => {
  await removeFromEngine(`${namespace}/hadoop:`);
  expect(await built()).toEqual(["hadoop", "hbase"]);
  expect(await localTags(`${namespace}/hadoop:`)).not.toEqual([]);
  expect(await built()).toEqual([]);
});

test("a build that was lost is one although the cache has it from before", async () => {
  // What Nx kept of the text before is of an image that is there no more.
  await workspace.write("src/hadoop/build/hadoop.txt", "hadoop\n");
  await removeFromEngine(`${namespace}/hadoop:`);
  expect(await built()).toEqual(["hadoop", "hbase"]);
});

test("what the registry has needs no engine, and a push always asks the registry", async () => {
  const output = await nx(workspace, "run-many", "-t", "push");
  expect(output).not.toMatch(/:push +\[(?:local cache|existing outputs)/);
  await removeFromEngine(namespace);
  // What an earlier text made is gone for good, so that hbase is looked for once more.
  expect(await built()).toEqual(["hbase"]);
  expect(await built()).toEqual([]);
  expect(await localTags(namespace)).toEqual([]);
});

describe("a second clone with an engine of its own, and a cache that Nx shares between both", () => {
  let second: TestEngine;
  let cache: CacheServer;
  let clone: Workspace;
  beforeAll(async () => {
    clone = await makeWorkspace();
    cache = await startCacheServer();
    second = await startEngine();
    clone.env.DOCKER_HOST = second.address;
    await clone.write("src/hadoop/build/hadoop.txt", "hadoop\n");
  });
  afterAll(async () => {
    for (const name of Object.keys(cache.env)) delete workspace.env[name];
    await clone.dispose();
    await cache.stop();
    await second.remove();
  });
  const inSecond = (): Promise<string[]> => localTags(namespace, second.socketPath);

  test("nothing is built of what the registry has", async () => {
    const output = await nx(clone, "run-many", "-t", "build");
    expect(output).toContain("in the registry");
    expect(output).not.toContain(" built c-");
    expect(await inSecond()).toEqual([]);
  });

  test("checks are answered by the shared cache, and no image that only the other engine has", async () => {
    for (const { env, write } of [workspace, clone]) {
      Object.assign(env, cache.env);
      await write("src/hbase/build/hbase.txt", "not pushed\n");
    }
    await nx(workspace, "run-many", "-t", "check,build", "-p", "hbase");
    expect(await nx(clone, "run", "hbase:check")).toMatch(/hbase:check +\[remote cache\]/);
    expect(await built(clone)).toEqual(["hbase"]);
    expect(await inSecond()).toContainEqual(expect.stringContaining(`${namespace}/hbase:c-`));
  });

  test("while the cache is away a run fails, and without it everything is as it was", async () => {
    await cache.stop();
    await clone.write("src/hbase/build/hbase.txt", "changed\n");
    const { code, stdout, stderr } = await clone.run("nx", "run", "hbase:build");
    expect({ code, output: stdout + stderr }).toMatchObject({ code: 1 });
    for (const name of Object.keys(cache.env)) delete clone.env[name];
    expect(await built(clone)).toEqual(["hbase"]);
    expect(await built(clone)).toEqual([]);
  });
});

async function removeFromRegistry(image: string): Promise<void> {
  const repository = `${namespace}/${image}`;
  for (const digest of new Set(await digestsOf(repository))) {
    const url = `http://${registry.host}/v2/${repository}/manifests/${digest}`;
    expect((await fetch(url, { method: "DELETE" })).status).toBe(202);
  }
}

test("an image that is gone from the registry is built again", async () => {
  await removeFromRegistry("zookeeper");
  expect(await built()).toEqual(["zookeeper"]);
});

test("a base that is gone from the registry is built again, with those on top of it", async () => {
  await removeFromRegistry("base");
  expect(await built()).toEqual(images);
  expect(await localTags(`${namespace}/base:`)).not.toEqual([]);
  expect(await built()).toEqual([]);
});

test("without receipts, or without Nx's own data, nothing is taken on trust", async () => {
  await rm(path.join(workspace.root, "dist"), { recursive: true });
  expect(await built()).toEqual(images);
});
