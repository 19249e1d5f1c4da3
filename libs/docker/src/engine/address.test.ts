import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findEngineAddress, findNamedEngine } from "./address.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "docker-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const find = (environment: Record<string, string> = {}): ReturnType<typeof findEngineAddress> =>
  findEngineAddress({ DOCKER_CONFIG: folder, ...environment });

function addContext(name: string, host: string): void {
  const meta = path.join(folder, "contexts/meta", createHash("sha256").update(name).digest("hex"));
  mkdirSync(meta, { recursive: true });
  writeFileSync(path.join(meta, "meta.json"), JSON.stringify({ Endpoints: { docker: { Host: host } } }));
}

test("without anything said it is the default socket", () => {
  expect(find()).toMatchObject({
    url: "unix:///var/run/docker.sock",
    options: { socketPath: "/var/run/docker.sock" },
  });
});

test.each([
  ["unix:///run/other.sock", { socketPath: "/run/other.sock", host: undefined }],
  ["tcp://10.0.0.1:2375", { protocol: "http", host: "10.0.0.1", port: "2375" }],
  ["10.0.0.1", { protocol: "http", host: "10.0.0.1", port: 2375 }],
  ["tcp://[::1]:99", { host: "::1", port: "99" }],
  [
    "ssh://me@host",
    { protocol: "http", host: "host", agent: expect.any(process.getBuiltinModule("node:http").Agent) },
  ],
])("DOCKER_HOST=%s", (host, options) => {
  expect(find({ DOCKER_HOST: host })).toMatchObject({ namedBy: "DOCKER_HOST", options });
});

test("any value of DOCKER_TLS_VERIFY means TLS, as for the Docker client", () => {
  writeFileSync(path.join(folder, "ca.pem"), "the authority");
  const { options } = find({
    DOCKER_HOST: "tcp://host:2376",
    DOCKER_TLS_VERIFY: "true",
    DOCKER_CERT_PATH: folder,
  });
  expect(options).toMatchObject({ protocol: "https", ca: Buffer.from("the authority") });
});

test("DOCKER_CONTEXT goes before the current context, DOCKER_HOST before both", () => {
  addContext("one", "tcp://one:1");
  addContext("two", "tcp://two:2");
  writeFileSync(path.join(folder, "config.json"), JSON.stringify({ currentContext: "one" }));
  expect(find().url).toBe("tcp://one:1");
  expect(find({ DOCKER_CONTEXT: "two" })).toMatchObject({
    url: "tcp://two:2",
    namedBy: 'Docker context "two"',
  });
  expect(find({ DOCKER_CONTEXT: "two", DOCKER_HOST: "tcp://three:3" }).url).toBe("tcp://three:3");
  expect(find({ DOCKER_CONTEXT: "default" }).url).toBe("unix:///var/run/docker.sock");
});

test("a context that does not exist and an address that is none are named", () => {
  expect(() => find({ DOCKER_CONTEXT: "gone" })).toThrow(
    'Docker context "gone", named by DOCKER_CONTEXT, does not exist',
  );
  expect(() => find({ DOCKER_HOST: "npipe:////./pipe/x" })).toThrow("is not the address of an engine");
});

test("an engine named on the command line goes before all that the environment says", () => {
  addContext("other", "tcp://10.0.0.3:2375");
  const environment = { DOCKER_CONFIG: folder, DOCKER_HOST: "tcp://10.0.0.1:2375" };
  const named = (name: string): ReturnType<typeof find> => findNamedEngine(name, environment);
  expect(named("tcp://10.0.0.2:2375")).toMatchObject({
    options: { host: "10.0.0.2" },
    namedBy: "--engine tcp://10.0.0.2:2375",
  });
  expect(named("other")).toMatchObject({ options: { host: "10.0.0.3" }, namedBy: "--engine other" });
  expect(named("default")).toMatchObject({ options: { socketPath: "/var/run/docker.sock" } });
  expect(() => named("gone")).toThrow('Docker context "gone", named by --engine, does not exist');
});
