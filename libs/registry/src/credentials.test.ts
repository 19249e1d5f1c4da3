import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLogins, parseAuth } from "./credentials.ts";
import { isLoopback, registryName } from "./registry-host.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "docker-config-"));
  vi.stubEnv("DOCKER_CONFIG", folder);
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const { signal } = new AbortController();
const base64 = (text: string): string => Buffer.from(text).toString("base64");

function find(
  host: string,
  configured?: { host: string; credentials: { username: string; password: string } },
) {
  return createLogins({ configured: configured ? [configured] : [], signal })(host).then(
    (login) => login?.credentials,
  );
}

function writeConfig(config: object): void {
  writeFileSync(path.join(folder, "config.json"), JSON.stringify(config));
}

function writeHelper(script: string): void {
  const file = path.join(folder, "docker-credential-test");
  writeFileSync(file, `#!/bin/sh\nread host\n${script}\n`);
  chmodSync(file, 0o755);
}

test("nobody's credentials are given to a host that nobody configured", async () => {
  writeConfig({ auths: { "registry.example": { auth: base64("u:p") } } });
  await expect(find("other.example")).resolves.toBeUndefined();
});

test("a password may hold colons, keys may be URLs", async () => {
  writeConfig({ auths: { "https://registry.example/v2/": { auth: base64("u:p:q") } } });
  await expect(find("registry.example")).resolves.toEqual({ username: "u", password: "p:q" });
});

test("Docker Hub is found under its old URL, by whatever name it is asked for", async () => {
  writeConfig({ auths: { "https://index.docker.io/v1/": { auth: base64("u:p") } } });
  for (const host of ["docker.io", "registry-1.docker.io", "public"])
    await expect(find(host)).resolves.toEqual({ username: "u", password: "p" });
});

test("the configuration goes before the Docker client's", async () => {
  writeConfig({ auths: { "registry.example:5000": { auth: base64("client:p") } } });
  const configured = { host: "registry.example:5000", credentials: { username: "pai", password: "p" } };
  await expect(find("registry.example:5000", configured)).resolves.toMatchObject({ username: "pai" });
});

test("a helper is asked with the host on its input", async () => {
  writeConfig({ credHelpers: { "registry.example": "test" } });
  writeHelper(`echo "{\\"Username\\":\\"user of $host\\",\\"Secret\\":\\"s\\"}"`);
  await expect(find("registry.example")).resolves.toEqual({
    username: "user of registry.example",
    password: "s",
  });
});

test("a helper's <token> is an identity token", async () => {
  writeConfig({ credsStore: "test" });
  writeHelper(`echo '{"Username":"<token>","Secret":"s"}'`);
  await expect(find("registry.example")).resolves.toEqual({ identityToken: "s" });
});

test("a helper without an entry is no failure", async () => {
  writeConfig({ credsStore: "test" });
  writeHelper(`echo "credentials not found in native keychain"; exit 1`);
  await expect(find("registry.example")).resolves.toBeUndefined();
});

test("a helper that fails is named, its output is not shown", async () => {
  writeConfig({ credsStore: "test" });
  writeHelper(`echo hunter2; exit 3`);
  const error = (await find("registry.example").catch((reason: unknown) => reason)) as Error & {
    cause: Error;
  };
  expect(error.message).toBe("get the credentials of registry.example from docker-credential-test");
  expect(error.cause.message).toBe("it ended with 3");
});

test("a config.json that is no JSON is named without its text", async () => {
  writeFileSync(path.join(folder, "config.json"), '{"auths": hunter2');
  const error = (await find("registry.example").catch((reason: unknown) => reason)) as Error & {
    cause: Error;
  };
  expect(`${error.message} ${error.cause.message}`).toBe(
    `read registry credentials from ${folder}/config.json it is not JSON`,
  );
});

test("an auths entry without a user is none", () => {
  expect(parseAuth({})).toBeUndefined();
  expect(parseAuth({ auth: base64(":p") })).toBeUndefined();
  expect(parseAuth({ identitytoken: "t", auth: base64("u:p") })).toEqual({ identityToken: "t" });
});

test("plain http is for this machine only", () => {
  expect(["localhost:5000", "127.0.0.1:5077", "127.1.2.3", "[::1]:5000"].every(isLoopback)).toBe(true);
  expect(["127.0.0.1.example:80", "10.0.0.1:5000", "localhost.example"].some(isLoopback)).toBe(false);
  expect(registryName("https://registry.example:5000/v2/")).toBe("registry.example:5000");
});
