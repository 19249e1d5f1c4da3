// Engines beside Docker's as root: Podman's service, and both as an unprivileged user.
import { chmod, copyFile, mkdir, symlink } from "node:fs/promises";
import path from "node:path";
import { formatError } from "@pai/core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ensureStaticBusybox } from "../tools/local/src/busybox.ts";
import { readSettings } from "../tools/local/src/settings.ts";
import { createImageTree, engine, type ImageTree } from "./support/docker.ts";
import { publishShell } from "./support/image-suite.ts";
import { startPodman, startRootlessDocker, type OtherEngine } from "./support/other-engines.ts";
import { startRegistry, type TestRegistry } from "./support/registry.ts";

let registry: TestRegistry;
let publicShell: string;

beforeAll(async () => {
  registry = await startRegistry();
  publicShell = `${registry.host}/public/shell`;
  await publishShell(publicShell);
});
afterAll(async () => {
  await registry.stop();
  await engine("DELETE", `/images/${publicShell}:1?force=true`);
});

const makes = [
  ["Podman", "podman", () => startPodman({ registry: registry.host, rootless: false })],
  ["Podman without root", "podman", () => startPodman({ registry: registry.host, rootless: true })],
  ["Docker without root", "docker", () => startRootlessDocker()],
] as const;

describe.each(makes)("%s", (_, product, start) => {
  let other: OtherEngine;
  let tree: ImageTree;
  beforeAll(async () => {
    other = await start();
  });
  afterAll(() => other.remove());
  afterEach(() => tree.remove());

  test("builds on a base of the tree and on a public one, pushes, and has nothing to do again", async () => {
    tree = await createImageTree({
      registry: registry.host,
      files: {
        "src/{base}/build/{base}.dockerfile": "FROM scratch\nCOPY build/bin /bin/\n",
        "src/{a}/build/{a}.dockerfile": "FROM {base}\nRUN echo made > /made\n",
        "src/{b}/build/{b}.dockerfile": `FROM ${publicShell}:1\nRUN cat /bin/sh > /copy\n`,
      },
    });
    await copyShell(path.join(tree.root, "src", tree.name("base"), "build/bin"));
    const { build, push, repository } = tree;
    const engines = [other.address];
    const built = await build({ engines });
    expect(built.errors.map(formatError)).toEqual([]);
    expect(built.images).toEqual({ base: "built", a: "built", b: "built" });
    const connected = built.events.flatMap((event) => (event.type === "connected" ? [event.name] : []));
    expect(connected).toContainEqual(expect.stringMatching(new RegExp(`^${product} \\d`)));
    expect((await build({ engines })).images).toEqual(all("already built here"));

    const pushed = await push({ engines });
    expect(pushed.errors.map(formatError)).toEqual([]);
    for (const name of ["base", "a", "b"]) expect(await registry.tags(repository(name))).toContain("latest");
    const writes = registry.writes();
    expect((await push({ engines })).errors).toEqual([]);
    expect((await build({ engines })).images).toEqual(all("in the registry"));
    expect(registry.writes()).toBe(writes);
  });
});

const all = (what: string): Record<string, string> => ({ base: what, a: what, b: what });

async function copyShell(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const busybox = path.join(folder, "busybox");
  await copyFile(await ensureStaticBusybox(readSettings(process.env), AbortSignal.timeout(60_000)), busybox);
  await chmod(busybox, 0o755);
  for (const name of ["sh", "cat"]) await symlink("busybox", path.join(folder, name));
}
