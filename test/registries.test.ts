// Several registries and tags, certificates, proxies, and what is said of credentials.
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";
import { formatError } from "@pai/core";
import { openRegistries, type ConfiguredRegistry } from "@pai/registry";
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
import { startConnectProxy } from "./support/proxies.ts";
import { makeCertificate, startRegistry, type TestRegistry } from "./support/registry.ts";
import { startTokenIssuer } from "./support/token-issuer.ts";

const shell = `pai-shell-${process.pid}-registries`;
const { signal } = new AbortController();
// Not the loopback, which the engine reaches without TLS and which no proxy is asked for.
const address = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === "IPv4" && !each.internal)?.address;

let registry: TestRegistry;
let second: TestRegistry;
let guarded: TestRegistry;
let folder: string;
let tree: ImageTree | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pai-registries-"));
  const certificate = await makeCertificate(folder, address ?? "127.0.0.1");
  [registry, second, guarded] = await Promise.all([
    startRegistry(),
    startRegistry(),
    startRegistry({ host: `${address}:0`, certificate }),
    importShell(shell),
  ]);
});
afterAll(async () => {
  await Promise.all([registry.stop(), second.stop(), guarded.stop()]);
  await engine("DELETE", `/images/${shell}:1?force=true`);
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await tree?.remove();
  tree = undefined;
});

const files = {
  "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY build/x /x\n`,
  "src/{a}/build/x": "1\n",
  "src/{b}/build/{b}.dockerfile": "FROM {a}\nRUN cat /x > /y\n",
};

async function treeOf(options: Partial<Parameters<typeof createImageTree>[0]> = {}): Promise<ImageTree> {
  return (tree = await createImageTree({ registry: registry.host, files, ...options }));
}

async function forget({ name }: ImageTree): Promise<void> {
  for (const tag of await localTags(name(""))) await engine("DELETE", `/images/${tag}?force=true`);
}

function textOf({ errors }: Outcome): string {
  expect(errors).toHaveLength(1);
  return formatError(errors[0]);
}

describe("several registries and tags", () => {
  test("every registry gets the same images and tags; what is there is not sent again", async () => {
    const settings = `, tags: [stable, "1.4"], mirrors: [{domain: "${second.host}", namespace: copies/of}]`;
    const { build, push, name, repository } = await treeOf({ settings });
    await build();
    const { events, ...first } = await push();
    expect(first).toMatchObject({ errors: [], images: { a: "pushed", b: "pushed" } });
    expect(events).toContainEqual({ type: "connected", to: "registry", name: second.host });
    const copies = `copies/of/${name("b")}`;
    const tags = ["1.4", expect.stringMatching(/^c-/), "latest", "stable"];
    expect(await registry.tags(repository("b"))).toEqual(tags);
    expect(await second.tags(copies)).toEqual(tags);
    const digest = await registry.digest(repository("b"), "latest");
    for (const tag of await second.tags(copies)) expect(await second.digest(copies, tag)).toBe(digest);
    // b starts from a: the layers that they share are sent once and mounted for the other.
    const sent = second.requests().filter((each) => each.startsWith("PUT ") && each.includes("/blobs/"));
    expect(sent.length).toBeLessThan(2 + 3 + 2);

    const [writes, copied] = [registry.writes(), second.writes()];
    expect((await push()).images).toEqual({ a: "in the registry", b: "in the registry" });
    expect([registry.writes(), second.writes()]).toEqual([writes, copied]);
  });

  test("--registry and --tag: from registry to registry, and by mounting within one, not from the engine", async () => {
    const made = await treeOf();
    const { build, push, name, repository } = made;
    await build();
    await push();
    await forget(made);
    const only = { images: [name("b")], tags: ["9"] };
    const there = await push({ ...only, registries: [`${second.host}/staging`] });
    expect(there).toMatchObject({ errors: [], images: { b: "copied" } });
    const digest = await registry.digest(repository("b"), "latest");
    expect(await second.digest(`staging/${name("b")}`, "9")).toBe(digest);
    expect(await second.digest(`staging/${name("b")}`, "latest")).toBeUndefined();

    const here = await push({ ...only, registries: [`${registry.host}/staging`] });
    expect(here).toMatchObject({ errors: [], images: { b: "copied" } });
    const sent = registry.requests().filter((each) => /^(PUT|PATCH) \/v2\/staging\/.*\/blobs\//.test(each));
    expect(sent).toEqual([]);
    expect(await registry.digest(`staging/${name("b")}`, "9")).toBe(digest);
  });

  test("places and tags that are none are refused before anything is done", async () => {
    const { push } = await treeOf();
    expect(textOf(await push({ registries: ["staging"] }))).toContain(
      "--registry staging: this is not HOST/NAMESPACE",
    );
    expect(textOf(await push({ tags: ["a/b"] }))).toContain("--tag a/b: this is no tag");
  });
});

test("looks that begin together try once whether a registry speaks https", async () => {
  let attempts = 0;
  const server = createServer((_, response) => response.writeHead(404).end());
  server.on("clientError", (_, socket) => {
    attempts += 1;
    socket.destroy();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { connect } = openRegistries([{ domain: host, access: { insecure: true } }], { signal });
    const { findDigest } = connect(host);
    const looks = Array.from({ length: 20 }, () => findDigest({ repository: "a/b", tag: "1" }));
    expect(new Set(await Promise.all(looks))).toEqual(new Set([undefined]));
    expect(attempts).toBe(1);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("an answer that breaks off in its middle is an error of the registry, with what was read", async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-length": "100", "docker-content-digest": "sha256:0" });
    response.write("{", () => response.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { connect } = openRegistries([], { signal });
    const broken = (doing: string): object => ({
      code: "REGISTRY_UNREACHABLE",
      message: `${doing}: registry ${host} does not answer as it should`,
    });
    await expect(connect(host).listTags("a")).rejects.toMatchObject(broken(`list the tags of ${host}/a`));
    const image = { repository: "a", tag: "1" };
    await expect(connect(host).readConfig(image)).rejects.toMatchObject(broken(`read ${host}/a:1`));
  } finally {
    server.close();
  }
});

describe.runIf(address)("certificates", () => {
  const configured = (access: ConfiguredRegistry["access"]): Promise<string | undefined> =>
    openRegistries([{ domain: guarded.host, access }], { signal })
      .connect(guarded.host)
      .findDigest({ repository: "a/b", tag: "1" });

  test("an unknown authority is an error that says where to name it; a wrong one, too", async () => {
    const wrong = await mkdtemp(path.join(folder, "wrong-"));
    const { certificateFile } = await makeCertificate(wrong, "10.0.0.1");
    for (const access of [{}, { ca: await readFile(certificateFile, "utf8") }]) {
      const error = await configured(access).catch((reason: unknown) => reason);
      const text = formatError(error);
      expect(text).toContain(
        `look for ${guarded.host}/a/b:1: the certificate of ${guarded.host} is not trusted`,
      );
      expect(text).toContain(
        `cluster.docker-registry.ca, or put it into /etc/docker/certs.d/${guarded.host}/ca.crt`,
      );
    }
  });

  test("the configuration names the authority, or takes any certificate, or plain http", async () => {
    const ca = await readFile(path.join(folder, "cert.pem"), "utf8");
    await expect(configured({ ca })).resolves.toBeUndefined();
    await expect(configured({ insecure: true })).resolves.toBeUndefined();
    const plain = await startRegistry({ host: `${address}:0` });
    const { connect } = openRegistries([{ domain: plain.host, access: { insecure: true } }], { signal });
    const tags = await connect(plain.host).listTags("a/b");
    await plain.stop();
    expect(tags).toEqual([]);
  });

  test("the engine has certificates of its own: the error names where, and then it pushes", async () => {
    const certs = path.join("/etc/docker/certs.d", guarded.host);
    const ca = await readFile(path.join(folder, "cert.pem"), "utf8");
    const { build, push, write, name } = await treeOf({
      registry: guarded.host,
      settings: ', ca: "${file:ca.crt}"',
    });
    await write({ "configuration/ca.crt": ca });
    const only = { services: [name("a")] };
    expect(await build(only)).toMatchObject({ errors: [], images: { a: "built" } });
    const text = textOf(await push(only));
    expect(text).toContain("error[REGISTRY_UNREACHABLE]: push ");
    expect(text).toContain(`the engine does not trust the certificate of ${guarded.host}`);
    expect(text).toContain(
      `hint: put its authority into ${certs}/ca.crt on the machine of unix:///var/run/docker.sock`,
    );
    try {
      await mkdir(certs, { recursive: true });
      await writeFile(path.join(certs, "ca.crt"), ca);
      expect(await push(only)).toMatchObject({ errors: [], images: { a: "pushed" } });
      await expect(configured({})).resolves.toBeUndefined();
    } finally {
      await rm(certs, { recursive: true });
    }
  });
});

describe.runIf(address)("proxies", () => {
  const look = async (): Promise<string | undefined> => {
    const ca = await readFile(path.join(folder, "cert.pem"), "utf8");
    const { connect } = openRegistries([{ domain: guarded.host, access: { ca } }], { signal });
    return connect(guarded.host).findDigest({ repository: "a/b", tag: "1" });
  };

  test("HTTPS_PROXY is used, NO_PROXY and this machine are not behind it; its password is never shown", async () => {
    vi.stubEnv("NO_PROXY", "");
    vi.stubEnv("no_proxy", "");
    vi.stubEnv("https_proxy", "");
    const proxy = await startConnectProxy("ops:proxy-horse-battery");
    try {
      vi.stubEnv("HTTPS_PROXY", `http://ops:proxy-horse-battery@${proxy.host}`);
      vi.stubEnv("HTTP_PROXY", `http://ops:proxy-horse-battery@${proxy.host}`);
      await expect(look()).resolves.toBeUndefined();
      expect(proxy.asked).toEqual([guarded.host]);
      const near = openRegistries([], { signal }).connect(registry.host);
      await expect(near.listTags("a/b")).resolves.toEqual([]);

      vi.stubEnv("HTTPS_PROXY", `http://ops:wrong-horse-battery@${proxy.host}`);
      const text = formatError(await look().catch((reason: unknown) => reason));
      expect(text).toContain(`registry ${guarded.host} does not answer as it should`);
      expect(text).toContain("407");
      expect(text).not.toContain("horse");
      vi.stubEnv("NO_PROXY", `${address}`);
      await expect(look()).resolves.toBeUndefined();
      expect(proxy.asked).toEqual([guarded.host]);
    } finally {
      proxy.stop();
    }
  });
});

describe("pai-build login", () => {
  const program = path.join(import.meta.dirname, "../tools/pai-build/src/main.ts");
  const login = (root: string, ...args: string[]): Promise<CommandResult> =>
    runCommand(process.execPath, [program, "login", ...args], {
      cwd: root,
      env: { ...process.env, DOCKER_CONFIG: path.join(root, "docker") },
    });

  test("--check says for each registry who gives the credentials, and whether they are accepted", async () => {
    const issuer = await startTokenIssuer({ username: "ops", password: "correct-horse" });
    const closed = await startRegistry({ auth: issuer.auth });
    try {
      const { root, write } = await treeOf({
        files: { "src/{a}/build/{a}.dockerfile": `FROM ${closed.host}/base/x:1\n` },
      });
      const useLogin = (password: string): Promise<void> =>
        write({
          "docker/config.json": JSON.stringify({
            auths: { [closed.host]: { auth: Buffer.from(`ops:${password}`).toString("base64") } },
          }),
        });
      await useLogin("correct-horse");
      const good = await login(root, "--check", "--output", "json");
      expect(good.code).toBe(0);
      expect(
        good.stdout
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as object),
      ).toEqual([
        {
          type: "login",
          registry: registry.host,
          usedFor: ["images"],
          pull: "accepted",
          push: "accepted",
          reasons: [],
        },
        {
          type: "login",
          registry: closed.host,
          usedFor: ["FROM"],
          source: path.join(root, "docker/config.json"),
          pull: "accepted",
          reasons: [],
        },
      ]);
      await useLogin("wrong-horse");
      const bad = await login(root, "--check");
      expect(bad.code).toBe(1);
      expect(bad.stdout).toContain("pull refused");
      expect(bad.stdout).toMatch(/look for 127\S+\/base\/x:1: 127\S+ refuses these credentials/);
      expect(bad.stdout + bad.stderr).not.toContain("horse");
    } finally {
      await Promise.all([closed.stop(), issuer.stop()]);
    }
  });

  test("without --check it says where credentials come from", async () => {
    const { root } = await treeOf();
    const { code, stderr } = await login(root);
    expect(code).toBe(2);
    expect(stderr).toContain("pai-build login stores no credentials");
    expect(stderr).toContain("docker login REGISTRY");
  });
});
