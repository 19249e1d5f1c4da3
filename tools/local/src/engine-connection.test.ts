import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callEngine, engineAddress } from "./engine-connection.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "docker-config-"));
  const id = createHash("sha256").update("far").digest("hex");
  const context = path.join(folder, "contexts/meta", id);
  await mkdir(context, { recursive: true });
  const meta = { Name: "far", Endpoints: { docker: { Host: "tcp://far.example:2375" } } };
  await writeFile(path.join(context, "meta.json"), JSON.stringify(meta));
  await writeFile(path.join(folder, "config.json"), JSON.stringify({ currentContext: "far" }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("DOCKER_HOST comes before the context, the context before the default socket", async () => {
  const host = "tcp://10.1.2.3:2375";
  expect(await engineAddress({ DOCKER_CONFIG: folder, DOCKER_HOST: host })).toEqual({
    host,
    from: "DOCKER_HOST",
  });
  const far = { host: "tcp://far.example:2375", from: "context" };
  expect(await engineAddress({ DOCKER_CONFIG: folder })).toEqual(far);
  const socket = { host: "unix:///var/run/docker.sock", from: "default" };
  expect(await engineAddress({ DOCKER_CONFIG: folder, DOCKER_CONTEXT: "default" })).toEqual(socket);
  expect(await engineAddress({ DOCKER_CONFIG: path.join(folder, "none") })).toEqual(socket);
});

test("a context that does not exist is named", async () => {
  const address = engineAddress({ DOCKER_CONFIG: folder, DOCKER_CONTEXT: "gone" });
  await expect(address).rejects.toThrow('read the Docker context "gone"');
});

test("says how to reach an engine behind ssh", async () => {
  const call = callEngine({ host: "ssh://me@far", from: "DOCKER_HOST" }, "/_ping", {
    signal: AbortSignal.timeout(1000),
  });
  await expect(call).rejects.toMatchObject({ hint: expect.stringContaining("ssh -L") });
});
