import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { formatError, type PaiError } from "@pai/core";
import { connectRegistry, copyImage } from "@pai/registry";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { runCommand, type CommandResult } from "./support/cli.ts";
import {
  createImageTree,
  engine,
  importShell,
  localTags,
  type ImageTree,
  type Outcome,
} from "./support/docker.ts";
import { freePort, startRegistry, type TestRegistry } from "./support/registry.ts";
import { startTokenIssuer } from "./support/token-issuer.ts";

const shell = `pai-shell-${process.pid}-push`;
const credentials = { username: "pai", password: "correct-horse-battery" };
// bcrypt of the password, made once: nothing here can make one.
const htpasswd = "pai:$2b$04$abcdefghijklmnopqrstuupOWRSKKNe562z1DsLEArFuJDHVyRIMa\n";
const authorization = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`;

let registry: TestRegistry;
let closed: TestRegistry;
let tree: ImageTree;

beforeAll(async () => {
  [registry, closed] = await Promise.all([startRegistry(), startRegistry({ htpasswd, authorization })]);
  await importShell(shell);
});
afterAll(async () => {
  await Promise.all([registry.stop(), closed.stop()]);
  await engine("DELETE", `/images/${shell}:1?force=true`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await tree.remove();
});

const files = {
  "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY build/x /x\n`,
  "src/{a}/build/x": "1\n",
  "src/{b}/build/{b}.dockerfile": "FROM {a}\nRUN cat /x > /y\n",
};

async function treeOf(options: Partial<Parameters<typeof createImageTree>[0]> = {}): Promise<ImageTree> {
  tree = await createImageTree({ registry: registry.host, files, ...options });
  return tree;
}

function textOf({ errors }: Outcome): string {
  expect(errors.map((error) => (error as PaiError).code)).toHaveLength(1);
  return formatError(errors[0]).replaceAll(tree.name(""), "");
}

test("a key of the configuration that comes twice is told by builds and pushes alike", async () => {
  const { build, push } = await treeOf({ settings: ", tag: latest" });
  for (const { events } of [await build(), await push()]) {
    expect(events.filter(({ type }) => type === "warning")).toEqual([
      expect.objectContaining({
        message: expect.stringContaining("tag"),
        location: expect.objectContaining({ file: "configuration/services-configuration.yaml", line: 2 }),
      }),
    ]);
  }
});

describe("what is pushed", () => {
  test("the content tag and the release tag name one image; a second push sends nothing", async () => {
    const { build, push, repository } = await treeOf();
    await build();
    expect(await push()).toMatchObject({ errors: [], images: { a: "pushed", b: "pushed" } });
    const tags = await registry.tags(repository("b"));
    expect(tags).toEqual([expect.stringMatching(/^c-[0-9a-f]{16}$/), "latest"]);
    const [content, release] = await Promise.all(tags.map((tag) => registry.digest(repository("b"), tag)));
    expect(content).toMatch(/^sha256:/);
    expect(release).toBe(content);

    const writes = registry.writes();
    const { events, images } = await push();
    expect(images).toEqual({ a: "in the registry", b: "in the registry" });
    expect(events.filter(({ type }) => type === "finished")).toMatchObject([
      { outcome: "unchanged" },
      { outcome: "unchanged" },
    ]);
    expect(registry.writes()).toBe(writes);
    expect(await registry.digest(repository("b"), "latest")).toBe(content);
  });

  test("a tree that goes back moves the release tag in the registry, without the engine's image", async () => {
    const { build, push, write, repository, name } = await treeOf();
    const only = { services: [name("a")] };
    await build(only);
    await push(only);
    const first = await registry.digest(repository("a"), "latest");
    await write({ "src/{a}/build/x": "2\n" });
    await build(only);
    await push(only);
    expect(await registry.digest(repository("a"), "latest")).not.toBe(first);
    await write({ "src/{a}/build/x": "1\n" });
    for (const tag of await localTags(name("a"))) await engine("DELETE", `/images/${tag}?force=true`);
    expect((await push(only)).images).toEqual({ a: expect.stringMatching(/^tag latest moved to/) });
    expect(await registry.digest(repository("a"), "latest")).toBe(first);
    expect(await registry.tags(repository("a"))).toHaveLength(3);
  });

  test("an image by its name, and nothing else", async () => {
    const { build, push, name, repository } = await treeOf();
    await build();
    expect((await push({ images: [name("b")] })).images).toEqual({ b: "pushed" });
    expect(await registry.tags(repository("a"))).toEqual([]);
  });

  test("no more than four images are sent at once", async () => {
    const files = ["a", "b", "c", "d", "e", "f"].map((image) => [
      `src/{x}/build/{${image}}.dockerfile`,
      `FROM scratch\nCOPY build/{${image}}.dockerfile /\n`,
    ]);
    const { build, push } = await treeOf({ files: Object.fromEntries(files) as Record<string, string> });
    expect((await build()).errors).toEqual([]);
    const { errors, events } = await push();
    expect(errors).toEqual([]);
    const running = events.flatMap((event) => {
      if (event.type === "started") return [1];
      return event.type === "finished" ? [-1] : [];
    });
    expect(running).toHaveLength(2 * files.length);
    let now = 0;
    expect(Math.max(...running.map((step) => (now += step)))).toBeLessThanOrEqual(4);
  });

  test("an image is copied to another repository without sending a layer", async () => {
    const { build, push, name, repository } = await treeOf();
    await build();
    await push({ images: [name("b")] });
    const { signal } = new AbortController();
    const client = connectRegistry({ host: registry.host, findCredentials: async () => undefined, signal });
    const from = { repository: repository("b"), tag: "latest" };
    const to = { registry: client, image: { repository: `${repository("b")}-copy`, tag: "1" } };
    const digest = await copyImage({ from: { registry: client, image: from }, to });
    expect(digest).toBe(await registry.digest(repository("b"), "latest"));
    expect(await client.findDigest({ repository: `${repository("b")}-copy`, tag: "1" })).toBe(digest);
    const gone = { registry: client, image: { ...from, tag: "gone" } };
    await expect(copyImage({ from: gone, to })).rejects.toMatchObject({ code: "IMAGE_NOT_FOUND" });

    expect(await client.readConfig(from)).toMatchObject({
      digest,
      labels: { "pai.owner": "pai", "pai.image": name("b") },
      created: expect.any(Date),
    });
    const copy = { repository: `${repository("b")}-copy`, digest };
    expect(await client.listTags(copy.repository)).toEqual(["1"]);
    expect(await client.deleteManifest(copy)).toBe("deleted");
    expect(await client.deleteManifest(copy)).toBe("absent");
    expect(await client.listTags(copy.repository)).toEqual([]);
    expect(await client.listTags(`${copy.repository}-none`)).toEqual([]);
  });
});

describe("what goes wrong", () => {
  test("an image that is not built is named, with the command that builds it", async () => {
    const { push, name } = await treeOf();
    const text = textOf(await push({ services: [name("a")] }));
    expect(text).toMatch(
      /^error\[IMAGE_NOT_FOUND\]: push a: as it is now \(c-[0-9a-f]{16}\) it is neither in 127/,
    );
    expect(text).toContain("hint: build it first: pai-build build -c configuration -s a");
  });

  test("an unknown image is refused", async () => {
    const { push, name } = await treeOf();
    const text = textOf(await push({ images: [`${name("a")}x`] }));
    expect(text).toContain('error[USAGE]: there is no image "ax" in src');
    expect(text).toContain('did you mean "a"');
    const inCapitals = textOf(await push({ images: [name("a").toUpperCase()] }));
    expect(inCapitals).toMatch(/^error\[IMAGE_NOT_FOUND\]: push a: as it is now/);
  });

  test("a registry that does not answer is an error that names it and the image", async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const { build, push, name } = await treeOf({ registry: host });
    await build({ services: [name("a")] });
    const text = textOf(await push({ services: [name("a")] }));
    expect(text).toMatch(
      /^error\[REGISTRY_UNREACHABLE\]: look for 127\.0\.0\.1:\d+\/\w+\/a:c-\w+: registry 127/,
    );
    expect(text).toContain(`connect ECONNREFUSED ${host}`);
    expect(text).toContain("pai-local up");
    // However many images it stops.
    const all = textOf(await push());
    expect(all).toContain(`connect ECONNREFUSED ${host}`);
    expect(all).toMatch(/not pushed because of it: a, \w+/);
  });
});

describe("a registry with a password", () => {
  test("without credentials the build goes on with a warning, the push says what is missing", async () => {
    const { build, push, name } = await treeOf({ registry: closed.host });
    const built = await build({ services: [name("a")] });
    expect(built.images).toEqual({ a: "built" });
    expect(JSON.stringify(built.events)).toContain(`${closed.host} wants credentials`);
    const text = textOf(await push({ services: [name("a")] }));
    expect(text).toContain("error[REGISTRY_DENIED]");
    expect(text).toContain("cluster.docker-registry");
  });

  test("a wrong password is refused and never shown", async () => {
    const wrong = { username: "pai", password: "wrong-horse-battery" };
    const { build, push, name } = await treeOf({ registry: closed.host, credentials: wrong });
    await build({ services: [name("a")] });
    const outcome = await push({ services: [name("a")] });
    expect(textOf(outcome)).toContain("refuses these credentials");
    expect(JSON.stringify(outcome)).not.toContain(wrong.password);
    // However many images it stops.
    const all = textOf(await push());
    expect(all).toContain(`${closed.host} refuses these credentials`);
    expect(all).toContain("not pushed because of it: a, b");
  });

  test.each(["buildkit", "classic"] as const)(
    "%s with credentials: push, pull of a private base, and no trace of them anywhere",
    async (builder) => {
      const { build, push, name, root, write, reference } = await treeOf({
        registry: closed.host,
        credentials,
      });
      const first = await build({ builder });
      const pushed = await push();
      expect(pushed).toMatchObject({ errors: [], images: { a: "pushed", b: "pushed" } });
      for (const tag of await localTags(name(""))) await engine("DELETE", `/images/${tag}?force=true`);
      await write({ "src/{b}/build/{b}.dockerfile": "FROM {a}\nRUN cat /x\n" });
      const second = await build({ services: [name("b")], builder });
      expect(second).toMatchObject({ errors: [], images: { a: "in the registry", b: "built" } });

      const history = await engine("GET", `/images/${reference("b")}/history`);
      const said =
        JSON.stringify([first, pushed, second, history]) + (await textBelow(path.join(root, "dist")));
      expect(said).toContain("cat /x");
      for (const secret of [credentials.password, authorization.slice(6)]) expect(said).not.toContain(secret);
    },
  );

  test("the Docker client's login is used where the configuration has none", async () => {
    const { build, push, root, write, name } = await treeOf({ registry: closed.host });
    await write({
      "docker/config.json": JSON.stringify({ auths: { [closed.host]: { auth: authorization.slice(6) } } }),
    });
    vi.stubEnv("DOCKER_CONFIG", path.join(root, "docker"));
    await build({ services: [name("a")] });
    expect((await push({ services: [name("a")] })).images).toEqual({ a: "pushed" });
  });
});

describe("a registry with tokens", () => {
  test("a token is asked for each repository and direction, with the credentials, and pushes and pulls", async () => {
    const issuer = await startTokenIssuer(credentials);
    const guarded = await startRegistry({ auth: issuer.auth });
    try {
      const { build, push, repository, name } = await treeOf({ registry: guarded.host, credentials });
      expect(await build({ services: [name("a")] })).toMatchObject({ errors: [], images: { a: "built" } });
      expect(await push({ services: [name("a")] })).toMatchObject({ errors: [], images: { a: "pushed" } });
      const before = issuer.asked.length;
      expect((await push({ services: [name("a")] })).images).toEqual({ a: "in the registry" });
      // Once for all tags of an image.
      expect(issuer.asked.slice(before)).toEqual([`pai repository:${repository("a")}:pull`]);
      expect(issuer.asked.every((each) => each.startsWith("pai "))).toBe(true);
    } finally {
      await guarded.stop();
      await issuer.stop();
    }
  });
});

describe("pai-build", () => {
  const program = path.join(import.meta.dirname, "../tools/pai-build/src/main.ts");
  const paiBuild = (...args: string[]): Promise<CommandResult> =>
    runCommand(process.execPath, [program, ...args], { cwd: tree.root });

  test("builds and pushes; says it in lines for people or in JSON", async () => {
    const { name } = await treeOf();
    const built = await paiBuild("build", "-c", "configuration", "-s", name("b"));
    expect(built).toMatchObject({ code: 0, stdout: "" });
    expect(built.stderr).toMatch(/^2 images: 2 built/m);
    const pushed = await paiBuild("push", "-c", "configuration", "-i", name("b"), "--output", "json");
    expect(pushed.code).toBe(0);
    const lines = pushed.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
    expect(lines.at(-1)).toMatchObject({ type: "summary", text: "1 image: 1 pushed" });
  });

  test("exits with 2 on bad usage and 1 on failure", async () => {
    const { name } = await treeOf();
    const unknown = await paiBuild("build", "-s", `${name("a")}x`);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain(`error[UNKNOWN_SERVICE]: there is no service "${name("a")}x"`);
    expect((await paiBuild("push", "-s", "x", "-i", "y")).code).toBe(2);
    expect((await paiBuild("push", "-s", name("a"))).code).toBe(1);
  });

  test("--help shows every command with an example", async () => {
    await treeOf();
    const { code, stdout } = await paiBuild("--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(/pai-build build\b/);
    expect(stdout).toContain("pai-build push -c configuration -i hbase");
  });
});

async function textBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = entries
    .filter((entry) => entry.isFile())
    .map((entry) => readFile(path.join(entry.parentPath, entry.name), "utf8"));
  return (await Promise.all(texts)).join("\n");
}
