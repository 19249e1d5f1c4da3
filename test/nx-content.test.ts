// What Nx does not see of an image, a cached build does not outlive either: it is built anew and can be pushed.
import { randomUUID } from "node:crypto";
import { chmod, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { connectEngine, listLocalImages, removeLocalImage } from "@pai/docker";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engine, localTags } from "./support/docker.ts";
import { startEngine } from "./support/engine.ts";
import { startRegistry, type TestRegistry } from "./support/registry.ts";
import { copyWorkspace, type Workspace } from "./support/workspace.ts";

const namespace = `nx-content-${randomUUID().slice(0, 8)}`;
const configuration = "configuration/services-configuration.yaml";
const files = "src/zookeeper/build";

let registry: TestRegistry;
let workspace: Workspace;
/** Two images that a tag of the registry names in turn. */
let versions: readonly string[];
beforeAll(async () => {
  registry = await startRegistry();
  workspace = await copyWorkspace("hbase-mini");
  const text = await workspace.read(configuration);
  await workspace.write(
    configuration,
    text.replace("namespace: hbase-mini", `namespace: ${namespace}`).replace("127.0.0.1:5077", registry.host),
  );
  versions = [await pushBase("one"), await pushBase("two")];
  await nameAsPublic(versions[0] ?? "");
  const dockerfile = [
    `FROM ${registry.host}/${namespace}/base:public`,
    "ARG VERSION=none",
    "LABEL version=$VERSION",
    "COPY build /files",
  ];
  await workspace.write(`${files}/zookeeper.dockerfile`, `${dockerfile.join("\n")}\n`);
  await workspace.write(`${files}/other.txt`, await workspace.read(`${files}/zookeeper.txt`));
  await symlink("other.txt", at("link"));
  await workspace.write(".gitignore", "node_modules\n/.nx/\n/dist/\n*.jar\n");
  await workspace.write(`${files}/made.jar`, "first\n");
  await workspace.commit("first");
  await nx("push", []);
});
afterAll(async () => {
  for (const tag of await localTags(namespace)) await engine("DELETE", `/images/${tag}?force=true`);
  await workspace.dispose();
  await registry.stop();
});

const at = (file: string): string => path.join(workspace.root, files, file);

async function run(command: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await workspace.run(command, ...args);
  expect({ code, output: stdout + stderr }).toMatchObject({ code: 0 });
  return stdout;
}

/** Returns the content tag. */
async function pushBase(text: string): Promise<string> {
  await workspace.write("src/base/build/base.txt", text);
  await run("pai-build", "build", "-s", "base");
  await run("pai-build", "push", "-s", "base");
  const receipt = JSON.parse(await workspace.read("dist/images/base.json")) as { contentTag: string };
  return receipt.contentTag;
}

async function nameAsPublic(tag: string): Promise<void> {
  const url = (name: string): string => `http://${registry.host}/v2/${namespace}/base/manifests/${name}`;
  const type = "application/vnd.docker.distribution.manifest.v2+json";
  const manifest = await fetch(url(tag), { headers: { accept: type } });
  const headers = { "content-type": type };
  const named = await fetch(url("public"), { method: "PUT", headers, body: await manifest.text() });
  expect(named.status).toBe(201);
}

async function nx(target: string, options: readonly string[]): Promise<{ isHit: boolean; output: string }> {
  const output = await run("nx", "run", `zookeeper:${target}`, ...options, "--output-style=static");
  return { isHit: /nx run zookeeper:build .*\[(?:local cache|existing outputs)/.test(output), output };
}

async function lockBase(tag: string): Promise<void> {
  const digest = await registry.digest(`${namespace}/base`, tag);
  const images = { [`${registry.host}/${namespace}/base:public`]: { digest, since: "2026-01-01T00:00:00Z" } };
  await workspace.write("bases.json", JSON.stringify({ images }));
}

interface Change {
  readonly what: string;
  readonly before?: () => Promise<void>;
  readonly change: () => Promise<void>;
  readonly options?: readonly string[];
}

const changes: readonly Change[] = [
  { what: "a file that can be executed now", change: () => chmod(at("zookeeper.txt"), 0o755) },
  {
    what: "another target of a link",
    change: async () => {
      await rm(at("link"));
      await symlink("zookeeper.txt", at("link"));
    },
  },
  { what: "a file that git ignores", change: () => workspace.write(`${files}/made.jar`, "second\n") },
  { what: "a public base whose tag has moved", change: () => nameAsPublic(versions[1] ?? "") },
  {
    what: "an argument from the environment",
    options: ["--buildArg=VERSION"],
    before: async () => void (workspace.env.VERSION = "1"),
    change: async () => void (workspace.env.VERSION = "2"),
  },
  {
    what: "a lock file of one's own",
    options: ["--lockFile=bases.json", "--locked"],
    before: async () => {
      await workspace.write(`${files}/other.txt`, "locked\n");
      await lockBase(versions[1] ?? "");
    },
    change: () => lockBase(versions[0] ?? ""),
  },
];

test.each(changes)("$what is a reason to build, and what was built is pushed", async (row) => {
  const { options = [], before, change } = row;
  if (before) {
    await before();
    await nx("build", options);
  }
  expect((await nx("build", options)).isHit).toBe(true);
  await change();
  expect((await nx("build", options)).isHit).toBe(false);
  expect((await nx("push", options)).output).toContain("pushed sha256:");
});

test("a command that builds nothing takes nothing from what is cached", async () => {
  await nx("build", []);
  await run("nx", "run", "zookeeper:explain");
  expect((await nx("build", [])).isHit).toBe(true);
});

test("an image that is gone from the engine of --engine is built there again, though another has it", async () => {
  const second = await startEngine();
  try {
    const { signal } = new AbortController();
    const options = [`--engine=${second.address}`];
    await workspace.write(`${files}/other.txt`, "not pushed\n");
    await nx("build", []);
    await nx("build", options);
    expect((await nx("build", options)).isHit).toBe(true);
    const connected = await connectEngine({ engine: second.address, signal });
    const built = await listLocalImages(connected, { label: "pai.content", signal });
    for (const image of built.flatMap(({ tags }) => tags))
      expect(await removeLocalImage(connected, { image, signal })).toBe("removed");
    expect((await nx("build", options)).isHit).toBe(false);
    expect((await nx("build", options)).isHit).toBe(true);
  } finally {
    await second.remove();
  }
});
