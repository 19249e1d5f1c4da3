// What goes wrong around a build: the engine and its disk, registries of base images. One engine of the
// test's own is killed, filled up and brought back.
import { readdir, truncate } from "node:fs/promises";
import path from "node:path";
import { connectEngine, copyImage } from "@pai/docker";
import { formatError, type PaiError } from "@pai/core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import {
  createImageTree,
  engine,
  importShell,
  localTags,
  type ImageTree,
  type Outcome,
} from "./support/docker.ts";
import { startEngine, type TestEngine } from "./support/engine.ts";
import { freePort, startRegistry, type TestRegistry } from "./support/registry.ts";

const shell = `pai-shell-${process.pid}-errors`;
const { signal } = new AbortController();
// bcrypt of a password that nobody here gives.
const htpasswd = "pai:$2b$04$abcdefghijklmnopqrstuupOWRSKKNe562z1DsLEArFuJDHVyRIMa\n";
let own: TestEngine;
let registry: TestRegistry;
let closed: TestRegistry;
let tree: ImageTree;

beforeAll(async () => {
  [own, registry, closed] = await Promise.all([
    startEngine({ diskBytes: 64e6 }),
    startRegistry(),
    startRegistry({ htpasswd }),
    importShell(shell),
  ]);
  const [from, to] = await Promise.all([
    connectEngine({ signal }),
    connectEngine({ engine: own.address, signal }),
  ]);
  await copyImage({ reference: `${shell}:1`, from, to, signal });
});
afterAll(async () => {
  await Promise.all([own.remove(), registry.stop(), closed.stop()]);
  await engine("DELETE", `/images/${shell}:1?force=true`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await tree.remove();
});

/** A tree that is built on the test's own engine. */
async function treeOf(dockerfile: string): Promise<ImageTree> {
  vi.stubEnv("DOCKER_HOST", own.address);
  const files = {
    "src/{a}/build/{a}.dockerfile": dockerfile,
    "src/{b}/build/{b}.dockerfile": "FROM {a}\n",
  };
  return (tree = await createImageTree({ registry: registry.host, files }));
}

/** The only error of a run, as a person reads it, without the tree's own names. */
function textOf({ errors }: Outcome): string {
  expect(errors.map((error) => (error as PaiError).code)).toHaveLength(1);
  return formatError(errors[0]).replaceAll(tree.name(""), "");
}

/** Containers and images of the own engine, and what the build has left in the tree. */
async function leftovers(): Promise<unknown> {
  const [containers, images] = await Promise.all([
    engine("GET", "/containers/json?all=true", undefined, own.socketPath),
    localTags("", own.socketPath),
  ]);
  const folders = await readdir(path.join(tree.root, "dist")).catch(() => []);
  return {
    containers,
    images,
    folders: folders.filter((name) => name !== "logs" && name !== "images"),
  };
}

const clean = { containers: [], images: [`${shell}:1`], folders: [] };

test("an engine that is killed in a step is named with the image; the next build goes on", async () => {
  // The engine would run the same step of two images once.
  const stepOf = (image: string): string =>
    `FROM ${shell}:1\nRUN echo at work && sleep 300 && echo ${image}\n`;
  const { build, write } = await treeOf(stepOf("a"));
  await write({ "src/{c}/build/{c}.dockerfile": stepOf("c") });
  const running = Promise.withResolvers<void>();
  const atWork = new Set<string>();
  const building = build({
    report: (event) => {
      if (event.type === "output" && event.line === "at work") atWork.add(event.image ?? "");
      if (atWork.size === 2) running.resolve();
    },
  });
  await running.promise;
  await own.kill();
  const text = textOf(await building);
  expect(text).toMatch(/^error\[ENGINE_UNREACHABLE\]: build [ac]: the Docker engine at /);
  expect(text).toContain(`the Docker engine at ${own.address} went away`);
  const [, stopped = ""] = /not built because of it: (.*)/.exec(text) ?? [];
  expect(stopped.split(", ").toSorted()).toEqual(["a", "b", "c"]);
  expect(text).toContain("hint: look at the engine's log, then run the command again");
  expect(text).not.toContain("    at ");
  await own.start();
  expect(await leftovers()).toEqual(clean);
  const repaired = `FROM ${shell}:1\nRUN echo again\n`;
  await write({ "src/{a}/build/{a}.dockerfile": repaired, "src/{c}/build/{c}.dockerfile": repaired });
  expect((await build()).images).toEqual({ a: "built", b: "built", c: "built" });
  for (const tag of await localTags(tree.name(""), own.socketPath))
    await engine("DELETE", `/images/${tag}?force=true`, undefined, own.socketPath);
});

test("a step that fills the engine's disk is shown with its line, and how to make room", async () => {
  const { build } = await treeOf(`FROM ${shell}:1\nRUN busybox dd if=/dev/zero of=/x bs=1M count=100\n`);
  const text = textOf(await build());
  expect(text).toContain("error[BUILD_FAILED]: a: step 2/2 ended with exit code 1");
  expect(text).toContain("--> src/a/build/a.dockerfile:2");
  expect(text).toContain("No space left on device");
  expect(text).toContain("hint: the engine's disk is full: pai-build prune");
  expect(await leftovers()).toEqual(clean);
});

test("a registry that is down while a base must be pulled is named, with the line that needs it", async () => {
  const host = `127.0.0.1:${await freePort()}`;
  const { build, write } = await treeOf(`FROM scratch AS one\nFROM ${host}/x/base:1\n`);
  const text = textOf(await build());
  expect(text).toContain(
    `error[REGISTRY_UNREACHABLE]: a: its base image ${host}/x/base:1 is not in the engine and cannot be pulled`,
  );
  expect(text).toContain("--> src/a/build/a.dockerfile:2");
  expect(text).toContain("connection refused");
  expect(text).toContain(`hint: check that ${host} is up and can be reached from the engine`);

  // With a lock nothing is asked before the build, which then meets the same.
  await write({
    "images.lock.json": JSON.stringify({
      images: { [`${host}/x/base:1`]: { digest: `sha256:${"0".repeat(64)}` } },
    }),
  });
  const locked = textOf(await build({ lockFile: "images.lock.json", locked: true }));
  expect(locked).toContain("error[BUILD_FAILED]: a: the build failed");
  expect(locked).toContain("--> src/a/build/a.dockerfile:2");
  expect(locked).toContain("connection refused");
  expect(locked).toContain(`hint: check that ${host} is up and can be reached from the engine`);
  expect(await leftovers()).toEqual(clean);
});

test("a private base without credentials is told as that, with the registry to log in to", async () => {
  const { build } = await treeOf(`FROM ${closed.host}/x/base:1\n`);
  const text = textOf(await build());
  expect(text).toContain(`error[REGISTRY_DENIED]: a: its base image ${closed.host}/x/base:1`);
  expect(text).toContain("--> src/a/build/a.dockerfile:1");
  expect(text).toContain(`docker login ${closed.host}`);
  expect(await leftovers()).toEqual(clean);
});

// Last, as the engine keeps what it could take of it.
test("a context for which the engine has no room is told as that", async () => {
  const { build, write, root, name } = await treeOf(`FROM ${shell}:1\nCOPY build/large /\n`);
  await write({ "src/{a}/build/large": "" });
  await truncate(path.join(root, "src", name("a"), "build/large"), 100e6);
  const text = textOf(await build());
  expect(text).toContain("error[BUILD_FAILED]: a: ");
  expect(text).toContain("no space left on device");
  expect(text).toContain("hint: the engine's disk is full");
  expect(await leftovers()).toEqual(clean);
});
