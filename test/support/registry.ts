// Registries of a test's own: Debian's docker-registry on a free port, with its data in a temporary folder.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { findBox } from "../../tools/local/src/box.ts";
import { NODE_BOX } from "../../tools/local/src/kubernetes/node-box.ts";
import { readSettings } from "../../tools/local/src/settings.ts";

export interface TestRegistry {
  /** Its data and its log. */
  readonly folder: string;
  /** `127.0.0.1:port` */
  readonly host: string;
  /** Tags of a repository, sorted; none when there is no such repository. */
  readonly tags: (repository: string) => Promise<string[]>;
  /** Digest of a tag. */
  readonly digest: (repository: string, tag: string) => Promise<string | undefined>;
  /** Requests since the start that wrote something. */
  readonly writes: () => number;
  /** All requests since the start, such as `HEAD /v2/a/manifests/1`. */
  readonly requests: () => string[];
  readonly stop: () => Promise<void>;
}

export interface TestRegistryOptions {
  /** Asked for by the registry, as bcrypt in htpasswd form. */
  readonly htpasswd?: string;
  /** More of the registry's own configuration. */
  readonly auth?: object;
  readonly authorization?: string;
  /** Where it listens, on a free port for port 0; on one of the loopback when absent. */
  readonly host?: string;
  /** For https. */
  readonly certificate?: TestCertificate;
  /** File of the authority whose client certificates are asked for; none are when absent. */
  readonly clientAuthority?: string;
  /** Whether manifests can be deleted; true when absent. */
  readonly deletion?: boolean;
  /** On the loopback of the cluster's node, where the node pulls without TLS and nothing else reaches it. */
  readonly onNode?: boolean;
}

export interface TestCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
}

export async function startRegistry({
  htpasswd,
  auth,
  authorization,
  certificate,
  clientAuthority,
  deletion = true,
  onNode = false,
  ...options
}: TestRegistryOptions = {}): Promise<TestRegistry> {
  const folder = await mkdtemp(path.join(tmpdir(), "pai-registry-"));
  const passwords = path.join(folder, "htpasswd");
  if (htpasswd !== undefined) await writeFile(passwords, htpasswd);
  const configuration = {
    version: 0.1,
    log: { accesslog: { disabled: false }, level: "info" },
    storage: { filesystem: { rootdirectory: path.join(folder, "data") }, delete: { enabled: deletion } },
    http: {
      addr: options.host ?? "127.0.0.1:0",
      ...(certificate ? { tls: tlsOf(certificate, clientAuthority) } : {}),
    },
    ...(htpasswd === undefined ? {} : { auth: { htpasswd: { realm: "test", path: passwords } } }),
    ...(auth === undefined ? {} : { auth }),
  };
  const file = path.join(folder, "registry.yml");
  // JSON is YAML, too.
  await writeFile(file, JSON.stringify(configuration));
  // Into a file: a pipe that a busy test does not empty would stop the registry.
  const logFile = path.join(folder, "log");
  const log = await open(logFile, "w");
  // nsenter becomes what it starts.
  const [program, ...argv] = onNode
    ? (["nsenter", "-t", await nodePid(), "-n", "docker-registry", "serve", file] as const)
    : (["docker-registry", "serve", file] as const);
  const child = spawn(program, argv, { stdio: ["ignore", log.fd, log.fd] });
  await log.close();
  const headers = {
    accept: "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.index.v1+json",
    ...(authorization === undefined ? {} : { authorization }),
  };
  const host = await listening(child, logFile);
  return {
    folder,
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
    writes: () => [...readFileSync(logFile, "utf8").matchAll(/"(?:PUT|POST|PATCH|DELETE) \/v2\//g)].length,
    requests: () =>
      [...readFileSync(logFile, "utf8").matchAll(/"([A-Z]+ \/v2\/\S*) HTTP/g)].map(([, each = ""]) => each),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One that the cluster's node reaches and gets nothing from. */
export function startGuardedRegistry(): Promise<TestRegistry> {
  // The bcrypt of a password that nobody here uses.
  const htpasswd = "pai:$2b$04$abcdefghijklmnopqrstuupOWRSKKNe562z1DsLEArFuJDHVyRIMa\n";
  return startRegistry({ onNode: true, htpasswd });
}

async function listening(child: ChildProcess, logFile: string): Promise<string> {
  for (let tries = 0; tries < 1200 && child.exitCode === null; tries++) {
    const host = /listening on (\d[\d.]*:\d+)/.exec(readFileSync(logFile, "utf8"))?.[1];
    if (host !== undefined) return host;
    await sleep(50);
  }
  child.kill("SIGKILL");
  throw new Error(`docker-registry does not listen: ${readFileSync(logFile, "utf8")}`);
}

function tlsOf({ certificateFile, keyFile }: TestCertificate, clientAuthority: string | undefined): object {
  const clientcas = clientAuthority === undefined ? {} : { clientcas: [clientAuthority] };
  return { certificate: certificateFile, key: keyFile, ...clientcas };
}

async function nodePid(): Promise<string> {
  const node = await findBox(readSettings(process.env), NODE_BOX);
  if (!node) throw new Error("the local cluster's node does not run");
  return String(node.pid);
}

/** Self-signed, so that it is its own authority. */
export async function makeCertificate(folder: string, address: string): Promise<TestCertificate> {
  const [keyFile, certificateFile] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=pai-test", "-addext", `subjectAltName=IP:${address}`, "-days", "2"];
  const files = ["-keyout", keyFile, "-out", certificateFile];
  await promisify(execFile)("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    ...subject,
    ...files,
  ]);
  return { keyFile, certificateFile };
}

/** Free when asked; nothing listens there until somebody does. */
export async function freePort(address = "127.0.0.1"): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
