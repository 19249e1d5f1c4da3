// Registries of a test's own: Debian's docker-registry on a free port, with its data in a temporary folder.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface TestRegistry {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** Tags of a repository, sorted; none when there is no such repository. */
  readonly tags: (repository: string) => Promise<string[]>;
  /** Digest of a tag. */
  readonly digest: (repository: string, tag: string) => Promise<string | undefined>;
  /** Requests since the start that wrote something. */
  readonly writes: () => number;
  readonly stop: () => Promise<void>;
}

export interface TestRegistryOptions {
  /** Asked for by the registry, as bcrypt in htpasswd form. */
  readonly htpasswd?: string;
  /** More of the registry's own configuration. */
  readonly auth?: object;
  readonly authorization?: string;
}

export async function startRegistry({
  htpasswd,
  auth,
  authorization,
}: TestRegistryOptions = {}): Promise<TestRegistry> {
  const folder = await mkdtemp(path.join(tmpdir(), "pai-registry-"));
  const host = `127.0.0.1:${await freePort()}`;
  const passwords = path.join(folder, "htpasswd");
  if (htpasswd !== undefined) await writeFile(passwords, htpasswd);
  const configuration = {
    version: 0.1,
    log: { accesslog: { disabled: false }, level: "info" },
    storage: { filesystem: { rootdirectory: path.join(folder, "data") }, delete: { enabled: true } },
    http: { addr: host },
    ...(htpasswd === undefined ? {} : { auth: { htpasswd: { realm: "test", path: passwords } } }),
    ...(auth === undefined ? {} : { auth }),
  };
  const file = path.join(folder, "registry.yml");
  // JSON is YAML, too.
  await writeFile(file, JSON.stringify(configuration));
  const child = spawn("docker-registry", ["serve", file], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += String(chunk)));
  const headers = {
    accept: "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.index.v1+json",
    ...(authorization === undefined ? {} : { authorization }),
  };
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) throw new Error(`docker-registry ended: ${output}`);
    if (await fetch(`http://${host}/v2/`).catch(() => undefined)) break;
    await sleep(50);
  }
  return {
    host,
    tags: async (repository) => {
      const response = await fetch(`http://${host}/v2/${repository}/tags/list`, { headers });
      return ((await response.json()) as { tags?: string[] }).tags?.toSorted() ?? [];
    },
    digest: async (repository, tag) => {
      const response = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, {
        method: "HEAD",
        headers,
      });
      return response.ok ? (response.headers.get("docker-content-digest") ?? undefined) : undefined;
    },
    writes: () => [...output.matchAll(/"(?:PUT|POST|PATCH|DELETE) \/v2\//g)].length,
    stop: async () => {
      if (child.exitCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Free when asked; nothing listens there until somebody does. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
