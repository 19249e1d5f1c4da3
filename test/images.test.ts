// Looking at images: receipts, the lock of base images, explain, list, graph.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import {
  explainImages,
  formatExplanations,
  graphImages,
  listImages,
  type ImageExplanation,
} from "@pai/actions/images";
import { formatError, type ActionEvent } from "@pai/core";
import { expect, test, vi } from "vitest";
import { runCommand } from "./support/cli.ts";
import { engine, localTags, type ImageTree } from "./support/docker.ts";
import { imageSuite, publishShell } from "./support/image-suite.ts";
import { freePort, startRegistry } from "./support/registry.ts";

const { signal } = new AbortController();

const suite = imageSuite("images");
const { shell } = suite;

const files = {
  "src/{run}/build/{run}.dockerfile": `FROM ${shell}:1\nCOPY build/pom.xml /\n`,
  "src/{run}/build/pom.xml": "1\n",
  "src/{web}/build/{web}.dockerfile": "FROM {run}\nCOPY . /web\n",
  "src/{web}/build/start.sh": "1\n",
  "src/{web}/lib/kept": "1\n",
};

function treeOf(more: Record<string, string> = {}, host?: string): Promise<ImageTree> {
  return suite.treeOf({ ...files, ...more }, host);
}

const looking = (events: ActionEvent[] = []) => ({
  root: suite.tree.root,
  configuration: "configuration",
  report: (event: ActionEvent) => void events.push(event),
  signal,
});

/** As printed, without the tree's own names and hashes. */
function textOf(explanations: readonly ImageExplanation[]): string {
  return formatExplanations(explanations, new Date())
    .replaceAll(suite.tree.name(""), "")
    .replaceAll(/\b(c-)?[0-9a-f]{6}…/g, "$1#")
    .replaceAll(/ +$/gm, "");
}

test("a receipt tells what the image is, where, and what it was made of; a push adds the digest", async () => {
  const { build, push, root, name, reference } = await treeOf();
  await build();
  const file = path.join(root, "dist/images", `${name("web")}.json`);
  const built = JSON.parse(await readFile(file, "utf8")) as { contentTag: string; inputs: object };
  expect(built).toMatchObject({
    image: name("web"),
    service: name("web"),
    reference: reference("web", built.contentTag),
    id: expect.stringMatching(/^sha256:/),
    platform: expect.stringMatching(/^linux\//),
    builder: expect.stringMatching(/^\w+ of docker /),
    size: expect.any(Number),
    inputs: { base: { [name("run")]: expect.stringMatching(/^c-/) }, setting: { network: "host" } },
  });
  expect(Object.keys((built.inputs as { file: object }).file)).toEqual(["build/start.sh", "lib/kept"]);
  await push();
  const pushed = JSON.parse(await readFile(file, "utf8")) as object;
  expect(pushed).toEqual({
    ...built,
    digest: await suite.registry.digest(suite.tree.repository("web"), "latest"),
  });
});

test("explain names the files that differ from the registry, also those of a base, and the commit", async () => {
  const { build, push, write, root } = await treeOf();
  const git = (...args: string[]): Promise<unknown> =>
    promisify(execFile)("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: root });
  await git("init", "--quiet");
  await write({ ".gitignore": "dist\n" });
  await git("add", "--all");
  await git("commit", "--quiet", "--message=x");
  expect(textOf(await explainImages(looking())))
    .toBe(`  run  c-#  is not in the registry; nothing of this image is there
  web  c-#  is not in the registry; nothing of this image is there`);
  await build();
  await push();
  expect(textOf(await explainImages(looking()))).toBe(`  run  c-#  is in the registry
  web  c-#  is in the registry`);

  await write({ "src/{run}/build/pom.xml": "2\n", "src/{web}/build/start.sh": "2\n", "src/{web}/new": "" });
  const only = { ...looking(), services: [suite.tree.name("web")] };
  const text = textOf(await explainImages(only));
  expect(text).toMatch(
    /^ {2}web {2}c-# {2}is not in the registry; the newest there is c-# \(.*, from [0-9a-f]{12}\)\n/,
  );
  expect(
    text
      .split("\n")
      .slice(1)
      .map((line) => line.replaceAll(/ {2,}/g, "  ")),
  ).toEqual([
    "  changed  base run  c-# -> c-#",
    "  because of src/run/build/pom.xml  # -> #",
    "  changed  src/web/build/start.sh  # -> #",
    "  added  src/web/new  new: #",
  ]);
  await build();
  expect(textOf(await explainImages(only))).toContain("web  c-#  is built here, and not in the registry");
});

test.each(["buildkit", "classic"] as const)(
  "other labels cost no step of the cache of %s",
  async (builder) => {
    const { build, write, name } = await treeOf({
      "src/{run}/build/{run}.dockerfile": `FROM ${shell}:1\nRUN echo ${builder} > /one\nRUN cat /one > /two\nCOPY build/pom.xml /\n`,
    });
    const only = { services: [name("run")], builder };
    await build(only);
    await write({ "src/{run}/build/pom.xml": `${builder}\n` });
    const { events } = await build(only);
    const details = events.flatMap((event) => (event.type === "finished" ? [event.detail] : []));
    expect(details).toEqual([
      expect.stringMatching(/^built c-[0-9a-f]{16}, \d+\.\d MB, 2 of 4 steps from the cache$/),
    ]);
  },
);

test("a public base is pinned by its digest for all images of a run, and kept in the lock", async () => {
  const base = `${suite.registry.host}/base/shell`;
  await publishShell(base);
  const { build, root } = await treeOf({
    "src/{run}/build/{run}.dockerfile": `FROM ${base}:1\nCOPY build/pom.xml /\n`,
  });
  expect((await build()).errors).toEqual([]);
  const lockFile = path.join(root, "dist/images/lock.json");
  const digest = await suite.registry.digest("base/shell", "1");
  const lock = JSON.parse(await readFile(lockFile, "utf8")) as object;
  expect(lock).toEqual({ images: { [`${base}:1`]: { digest, since: expect.any(String) } } });
  await build();
  expect(JSON.parse(await readFile(lockFile, "utf8"))).toEqual(lock);

  // The tag moves on in the registry: a locked build stays with what it knows, even on an engine without it.
  const before = await explainImages(looking());
  await publishShell(base);
  await engine("DELETE", `/images/${base}:1?force=true`);
  expect(await suite.registry.digest("base/shell", "1")).not.toBe(digest);
  const locked = await explainImages({ ...looking(), locked: true });
  expect(locked.map(({ tag }) => tag)).toEqual(before.map(({ tag }) => tag));
  for (const tag of await localTags(suite.tree.name(""))) await engine("DELETE", `/images/${tag}?force=true`);
  expect(await build({ locked: true })).toMatchObject({ errors: [], images: { run: "built", web: "built" } });
  expect((await explainImages(looking())).map(({ tag }) => tag)).not.toEqual(locked.map(({ tag }) => tag));
});

test("a registry is asked once a run what a public base is, however many images start from it", async () => {
  const base = `${suite.registry.host}/asked/shell`;
  await publishShell(base);
  const from = `FROM ${base}:1 AS first\nFROM ${base}:1\nCOPY --from=first /bin/sh /`;
  const { build } = await treeOf({
    "src/{run}/build/{run}.dockerfile": `${from}run\n`,
    "src/{b}/build/{b}.dockerfile": `${from}b\n`,
    "src/{c}/build/{c}.dockerfile": `${from}c\n`,
  });
  const asked = (): number =>
    suite.registry.requests().filter((request) => request === "HEAD /v2/asked/shell/manifests/1").length;
  const before = asked();
  // The engine has it, as it published it, and would not ask.
  const { errors, images } = await build({ pull: true });
  expect(errors).toEqual([]);
  expect(images).toEqual({ run: "built", web: "built", b: "built", c: "built" });
  expect(asked() - before).toBe(1);
});

test("without its registry, a base that the engine has is built on by its digest", async () => {
  const gone = await startRegistry();
  const base = `${gone.host}/base/shell`;
  await publishShell(base);
  await gone.stop();
  try {
    const { build, name, write } = await treeOf({
      "src/{run}/build/{run}.dockerfile": `FROM ${base}:1\nCOPY build/pom.xml /\n`,
    });
    for (const builder of ["buildkit", "classic"] as const) {
      await write({ "src/{run}/build/pom.xml": `${builder}\n` });
      const built = await build({ services: [name("run")], builder });
      expect(built).toMatchObject({ errors: [], images: { run: "built" } });
    }
  } finally {
    await engine("DELETE", `/images/${base}:1?force=true`);
  }
});

test("without its registry, a base that the lock knows is what the builder used the last time", async () => {
  const gone = await startRegistry();
  const base = `${gone.host}/base/shell`;
  await publishShell(base);
  await engine("DELETE", `/images/${base}:1?force=true`);
  const { build, name, write } = await treeOf({
    "src/{run}/build/{run}.dockerfile": `FROM ${base}:1\nCOPY build/pom.xml /\n`,
  });
  const only = { services: [name("run")], builder: "buildkit" } as const;
  expect((await build(only)).errors).toEqual([]);
  await gone.stop();
  expect((await build(only)).images).toEqual({ run: "already built here" });
  await write({ "src/{run}/build/pom.xml": "2\n" });
  const { errors, events, images } = await build(only);
  expect({ errors, images }).toEqual({ errors: [], images: { run: "built" } });
  expect(events.filter(({ type }) => type === "warning")).toEqual([
    {
      type: "warning",
      message: `${gone.host} cannot be asked what ${base}:1 is: taken as dist/images/lock.json has it`,
    },
  ]);
});

test("--locked fails for a base that the lock lacks, and for a local one that is another now", async () => {
  const { build, write } = await treeOf();
  const withLock = { lockFile: "images.lock.json", locked: true };
  const first = await build(withLock);
  expect(formatError(first.errors[0])).toContain("--locked: there is no images.lock.json");
  await build({ lockFile: "images.lock.json" });
  expect((await build(withLock)).errors).toEqual([]);

  await write({ "src/{run}/build/{run}.dockerfile": `FROM ${shell}:2\nCOPY build/pom.xml /\n` });
  const missing = formatError((await build(withLock)).errors[0]).replaceAll(suite.tree.name(""), "");
  expect(missing).toContain(
    `run: base image ${shell}:2: images.lock.json does not name it, and --locked allows no other`,
  );
  expect(missing).toContain("--> src/run/build/run.dockerfile:1");

  await write({
    "src/{run}/build/{run}.dockerfile": `FROM ${shell}:1\nCOPY build/pom.xml /\n`,
    "images.lock.json": JSON.stringify({ images: { [`${shell}:1`]: { id: `sha256:${"0".repeat(64)}` } } }),
  });
  const changed = formatError((await build(withLock)).errors[0]);
  expect(changed).toContain("images.lock.json has sha256:000000000000, the engine has sha256:");
  expect(changed).toContain("hint: build once without --locked to accept");
});

test("list says what is where; without an engine it says so and lists the rest", async () => {
  const { build, push, name } = await treeOf({ "src/{c}/build/{c}.dockerfile": "FROM scratch\n" });
  await build();
  await push({ services: [name("run")] });
  const images = await listImages(looking());
  const places = images.map(({ image, inRegistry, inEngine }) => [image, { inRegistry, inEngine }]);
  expect(Object.fromEntries(places)).toEqual({
    [name("c")]: { inRegistry: false, inEngine: true },
    [name("run")]: { inRegistry: true, inEngine: true },
    [name("web")]: { inRegistry: false, inEngine: true },
  });
  expect(images.find(({ image }) => image === name("web"))).toMatchObject({
    tag: expect.stringMatching(/^c-/),
    size: expect.any(Number),
    created: expect.stringMatching(/^20/),
  });
  vi.stubEnv("DOCKER_HOST", "unix:///nowhere/docker.sock");
  const events: ActionEvent[] = [];
  const blind = await listImages(looking(events));
  expect(blind.find(({ image }) => image === name("c"))).toEqual({
    service: name("c"),
    image: name("c"),
    tag: expect.stringMatching(/^c-/),
    inRegistry: false,
  });
  expect(events.filter(({ type }) => type === "warning")).toEqual([
    expect.objectContaining({
      message: expect.stringContaining("reach the Docker engine at unix:///nowhere"),
    }),
  ]);
});

test("graph needs neither engine nor registry", async () => {
  const component = {
    "src/{lib}/build/{lib}.dockerfile": "FROM scratch\nCOPY build /\n",
    "src/{web}/build/component.dep": "{lib}\n",
  };
  const { name, root } = await treeOf(component, `127.0.0.1:${await freePort()}`);
  vi.stubEnv("DOCKER_HOST", "unix:///nowhere/docker.sock");
  const nodes = await graphImages({ ...looking(), services: [name("web")] });
  expect(nodes).toMatchObject([
    { image: name("run"), needs: [], foreign: [`${shell}:1`], selected: false },
    { image: name("lib"), needs: [], selected: false },
    { image: name("web"), needs: [name("run"), name("lib")], foreign: [], selected: true },
  ]);
  expect(await graphImages({ ...looking(), services: [name("web").toUpperCase()] })).toEqual(nodes);
  const program = path.join(import.meta.dirname, "../tools/pai-build/src/main.ts");
  const { stdout, code } = await runCommand(process.execPath, [program, "graph", "--root", root], {
    cwd: root,
  });
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: [
      name("lib"),
      `${name("run")}  <- (${shell}:1)`,
      `${name("web")}  <- ${name("run")}, ${name("lib")}\n`,
    ].join("\n"),
  });
});

test.each([["graph"], ["list"], ["login", "--check"]])(
  "%s tells of a key that comes twice",
  async (...command) => {
    const { root } = await suite.treeOf({ "src/{a}/build/{a}.dockerfile": "FROM scratch\nLABEL a=b\n" });
    const file = path.join(root, "configuration/services-configuration.yaml");
    await writeFile(file, (await readFile(file, "utf8")).replace("}", ", tag: latest}"));
    const program = path.join(import.meta.dirname, "../tools/pai-build/src/main.ts");
    const { stderr, code } = await runCommand(process.execPath, [program, ...command, "--root", root], {
      cwd: root,
    });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/"tag" stands here for the second time.*services-configuration\.yaml:2:/),
    });
  },
);
