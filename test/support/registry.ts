// Registries of a test's own: Debian's docker-registry on a free port, with its data in a temporary folder.
import { execFile, spawn } from "node:child_process";
import { sign, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

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
  /** Where it listens; a free port of the loopback when absent. */
  readonly host?: string;
  /** For https. */
  readonly certificate?: TestCertificate;
  /** Whether manifests can be deleted; true when absent. */
  readonly deletion?: boolean;
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
  deletion = true,
  ...options
}: TestRegistryOptions = {}): Promise<TestRegistry> {
  const folder = await mkdtemp(path.join(tmpdir(), "pai-registry-"));
  const host = options.host ?? `127.0.0.1:${await freePort()}`;
  const passwords = path.join(folder, "htpasswd");
  if (htpasswd !== undefined) await writeFile(passwords, htpasswd);
  const configuration = {
    version: 0.1,
    log: { accesslog: { disabled: false }, level: "info" },
    storage: { filesystem: { rootdirectory: path.join(folder, "data") }, delete: { enabled: deletion } },
    http: {
      addr: host,
      ...(certificate ? { tls: { certificate: certificate.certificateFile, key: certificate.keyFile } } : {}),
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
  const child = spawn("docker-registry", ["serve", file], { stdio: ["ignore", log.fd, log.fd] });
  await log.close();
  const headers = {
    accept: "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.index.v1+json",
    ...(authorization === undefined ? {} : { authorization }),
  };
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) throw new Error(`docker-registry ended: ${readFileSync(logFile, "utf8")}`);
    if (await canConnect(host)) break;
    await sleep(50);
  }
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
      if (child.exitCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function canConnect(host: string): Promise<boolean> {
  const [address, port] = host.split(":");
  const socket = connect(Number(port), address);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
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

export interface TokenIssuer {
  /** For the registry's configuration. */
  readonly auth: object;
  /** What tokens were asked for, such as `pai repository:a/b:pull`. */
  readonly asked: readonly string[];
  readonly stop: () => Promise<void>;
}

/** A token service as registries have it: Basic credentials in, a signed token for the scope out. */
export async function startTokenIssuer({
  username,
  password,
}: {
  username: string;
  password: string;
}): Promise<TokenIssuer> {
  const folder = await mkdtemp(path.join(tmpdir(), "pai-token-"));
  const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=pai-test", "-days", "2", "-keyout", key, "-out", certificate];
  await promisify(execFile)("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject]);
  const x5c = [new X509Certificate(await readFile(certificate)).raw.toString("base64")];
  const privateKey = await readFile(key);
  const asked: string[] = [];
  const server = createHttpServer((request, response) => {
    const query = new URL(request.url ?? "", "http://issuer").searchParams;
    const [user = "", secret] = Buffer.from(request.headers.authorization?.slice(6) ?? "", "base64")
      .toString()
      .split(":");
    const scope = query.get("scope") ?? "";
    asked.push(`${user} ${scope}`.trim());
    if (user !== username || secret !== password) return void response.writeHead(401).end();
    const [, type, name, actions = ""] = /^(\w+):(.+):([\w,]+)$/.exec(scope) ?? [];
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: "pai-test",
      sub: user,
      aud: query.get("service"),
      nbf: now - 10,
      iat: now - 10,
      exp: now + 300,
      jti: String(asked.length),
      access: type === undefined ? [] : [{ type, name, actions: actions.split(",") }],
    };
    const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
    const signed = `${encode({ typ: "JWT", alg: "RS256", x5c })}.${encode(claims)}`;
    const token = `${signed}.${sign("RSA-SHA256", Buffer.from(signed), privateKey).toString("base64url")}`;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ token }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return {
    auth: { token: { realm, service: "test", issuer: "pai-test", rootcertbundle: certificate } },
    asked,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
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
