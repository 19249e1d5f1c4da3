// Which engine is meant, by the Docker client's rules; dockerode itself knows neither contexts nor the
// client's meaning of DOCKER_TLS_VERIFY.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { PaiError } from "@pai/core";
import type { DockerOptions } from "dockerode";
import { sshAgent } from "./ssh.ts";

export interface EngineAddress {
  /** `unix:///var/run/docker.sock`, `tcp://host:2376`, `ssh://user@host` */
  readonly url: string;
  /** What named it, for messages. */
  readonly namedBy: string;
  readonly options: DockerOptions;
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultSocket = "unix:///var/run/docker.sock";

/** In this order: DOCKER_HOST, DOCKER_CONTEXT, the current context of config.json, the default socket. */
export function findEngineAddress(environment: Environment): EngineAddress {
  const configFolder = configFolderOf(environment);
  const host = environment["DOCKER_HOST"];
  if (host) {
    const certificates = environment["DOCKER_CERT_PATH"] ?? configFolder;
    const verify = Boolean(environment["DOCKER_TLS_VERIFY"]);
    const tls = verify || environment["DOCKER_TLS"] ? readCertificates(certificates, verify) : undefined;
    return addressOf(host, "DOCKER_HOST", tls);
  }
  const named = environment["DOCKER_CONTEXT"];
  const context = named ?? currentContext(configFolder);
  if (context !== undefined && context !== "" && context !== "default")
    return readContext(configFolder, context, named === undefined ? "config.json" : "DOCKER_CONTEXT");
  return addressOf(defaultSocket, "the default socket", undefined);
}

/** `name` is an address, or a Docker context. */
export function findNamedEngine(name: string, environment: Environment): EngineAddress {
  const namedBy = `--engine ${name}`;
  if (name.includes("://")) return { ...findEngineAddress({ ...environment, DOCKER_HOST: name }), namedBy };
  if (name === "default") return addressOf(defaultSocket, namedBy, undefined);
  return { ...readContext(configFolderOf(environment), name, "--engine"), namedBy };
}

function configFolderOf(environment: Environment): string {
  return environment["DOCKER_CONFIG"] ?? path.join(homedir(), ".docker");
}

interface TlsFiles {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly verify: boolean;
}

function addressOf(host: string, namedBy: string, tls: TlsFiles | undefined): EngineAddress {
  const url = host.includes("://") ? host : `tcp://${host}`;
  const parsed = new URL(URL.canParse(url) ? url : "invalid:");
  const hostname = parsed.hostname.replace(/^\[|\]$/g, "");
  // dockerode would fill what is left out from DOCKER_HOST again: host and socketPath are both given.
  switch (parsed.protocol) {
    case "unix:":
      return { url, namedBy, options: { socketPath: parsed.pathname, host: undefined } as DockerOptions };
    case "ssh:": {
      const agent = sshAgent({
        host: hostname,
        port: parsed.port || undefined,
        username: parsed.username || undefined,
      });
      // The agent goes where it wants, whatever host is named.
      return { url, namedBy, options: { protocol: "http", host: hostname, agent } as DockerOptions };
    }
    case "tcp:":
    case "http:":
    case "https:": {
      const secure = tls !== undefined || parsed.protocol === "https:";
      const { verify = true, ...files } = tls ?? {};
      return {
        url,
        namedBy,
        options: {
          protocol: secure ? "https" : "http",
          host: hostname,
          port: parsed.port || (secure ? 2376 : 2375),
          ...files,
          ...(verify ? {} : { checkServerIdentity: () => undefined }),
        } as DockerOptions,
      };
    }
    default:
      throw new PaiError("CONFIG_INVALID", `"${host}" of ${namedBy} is not the address of an engine`, {
        hint: "write unix:///path, tcp://host:port or ssh://user@host",
      });
  }
}

function currentContext(configFolder: string): string | undefined {
  const text = readIfThere(path.join(configFolder, "config.json"))?.toString() ?? "{}";
  try {
    return (JSON.parse(text) as { currentContext?: string }).currentContext;
  } catch {
    // The file's owner hears of it where its credentials are read.
    return undefined;
  }
}

function readContext(configFolder: string, name: string, namedBy: string): EngineAddress {
  const id = createHash("sha256").update(name).digest("hex");
  const text = readIfThere(path.join(configFolder, "contexts", "meta", id, "meta.json"))?.toString();
  const meta = JSON.parse(text ?? "{}") as {
    Endpoints?: { docker?: { Host?: string; SkipTLSVerify?: boolean } };
  };
  const endpoint = meta.Endpoints?.docker;
  if (!endpoint?.Host) {
    throw new PaiError("CONFIG_INVALID", `Docker context "${name}", named by ${namedBy}, does not exist`, {
      hint: "docker context ls shows those that do",
    });
  }
  const files = readCertificates(
    path.join(configFolder, "contexts", "tls", id, "docker"),
    !endpoint.SkipTLSVerify,
  );
  return addressOf(endpoint.Host, `Docker context "${name}"`, files.ca || files.cert ? files : undefined);
}

function readCertificates(folder: string, verify: boolean): TlsFiles {
  const [ca, cert, key] = ["ca.pem", "cert.pem", "key.pem"].map((name) =>
    readIfThere(path.join(folder, name)),
  );
  return { verify, ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new PaiError("CONFIG_INVALID", `read ${file}`, { cause: error });
  }
}
