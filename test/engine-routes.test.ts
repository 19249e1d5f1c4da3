// The ways to an engine other than its socket: TCP with TLS and a client's certificate, and ssh.
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createConnection, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer, type TLSSocket } from "node:tls";
import { once } from "node:events";
import { formatError } from "@pai/core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { imageSuite } from "./support/image-suite.ts";
import { makeCertificate } from "./support/registry.ts";

const { shell, treeOf, textOf } = imageSuite("engine-routes");
const socket = "/var/run/docker.sock";
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pai-routes-"));
});
afterAll(() => rm(folder, { recursive: true }));

const files = {
  "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY build/x /x\nRUN cat /x > /y\n`,
  "src/{a}/build/x": "x",
};

/** An ssh that is no other machine: it runs there what it is told, here. */
async function putSsh(script: string): Promise<void> {
  const ssh = path.join(folder, "ssh");
  await writeFile(ssh, `#!/bin/sh\nunset DOCKER_HOST\n${script}\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
}

test("over ssh: both builders, and a push", async () => {
  await putSsh(`echo "$@" >> ${folder}/asked; while [ "$1" != -- ]; do shift; done; shift 2; exec "$@"`);
  vi.stubEnv("DOCKER_HOST", "ssh://me@build1:2222");
  const { build, push } = await treeOf(files);
  expect(await build({ builder: "classic" })).toMatchObject({ errors: [], images: { a: "built" } });
  expect(await build({ builder: "buildkit", noCache: true })).toMatchObject({ images: { a: "built" } });
  expect(await push()).toMatchObject({ errors: [], images: { a: "pushed" } });
  const asked = new Set((await readFile(path.join(folder, "asked"), "utf8")).trim().split("\n"));
  expect([...asked]).toEqual(["-o ConnectTimeout=15 -T -l me -p 2222 -- build1 docker system dial-stdio"]);
});

test("what ssh says is the cause of the error", async () => {
  await putSsh("echo 'Host key verification failed.' >&2; exit 255");
  vi.stubEnv("DOCKER_HOST", "ssh://build1");
  const { build } = await treeOf(files);
  const text = textOf(await build());
  expect(text).toContain("error[ENGINE_UNREACHABLE]: reach the Docker engine at ssh://build1");
  expect(text).toContain("caused by: ssh to build1: Host key verification failed.");
});

test("an ssh that is not there is named", async () => {
  vi.stubEnv("PATH", "/nowhere");
  vi.stubEnv("DOCKER_HOST", "ssh://build1");
  const { build } = await treeOf(files);
  expect(textOf(await build())).toContain("caused by: spawn ssh ENOENT");
});

test("over TLS, with a certificate of the client's own", async () => {
  const { certificateFile, keyFile } = await makeCertificate(folder, "127.0.0.1");
  const [cert, key] = await Promise.all([certificateFile, keyFile].map((file) => readFile(file)));
  for (const [name, content] of [
    ["ca", cert],
    ["cert", cert],
    ["key", key],
  ] as const)
    await writeFile(path.join(folder, `${name}.pem`), content ?? "");
  const options = { key: key ?? "", cert: cert ?? "", ca: cert ?? "", requestCert: true };
  const server = createServer({ ...options, rejectUnauthorized: true }, (client: TLSSocket) => {
    const engine = createConnection(socket);
    client.on("error", () => engine.destroy()).pipe(engine);
    engine.on("error", () => client.destroy()).pipe(client);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    vi.stubEnv("DOCKER_HOST", `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.stubEnv("DOCKER_TLS_VERIFY", "1");
    vi.stubEnv("DOCKER_CERT_PATH", folder);
    const { build, push } = await treeOf(files);
    expect(await build()).toMatchObject({ errors: [], images: { a: "built" } });
    expect(await push()).toMatchObject({ errors: [], images: { a: "pushed" } });
    const foreign = await makeCertificate(await mkdtemp(path.join(folder, "foreign-")), "127.0.0.1");
    await copyFile(foreign.certificateFile, path.join(folder, "ca.pem"));
    const [error] = (await build({ noCache: true })).errors;
    expect(formatError(error)).toMatch(/caused by: .*self-signed certificate/);
  } finally {
    server.close();
  }
});
