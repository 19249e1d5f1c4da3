import { runCredentialHelper } from "./credential-helper.ts";
import { dockerConfigFile, readDockerConfig, type DockerConfig } from "./docker-config.ts";
import { registryName } from "./registry-host.ts";

export type Credentials =
  | { readonly username: string; readonly password: string }
  /** What a registry with OAuth gave at login, in place of a password. */
  | { readonly identityToken: string };

/** Knows the credentials of a registry by its host, and nothing for hosts that nobody configured. */
export type FindCredentials = (host: string) => Promise<Credentials | undefined>;

interface Login {
  readonly credentials: Credentials;
  /** Who gave them, such as a file's name; never what they are. */
  readonly source: string;
}

export type FindLogin = (host: string) => Promise<Login | undefined>;

interface ConfiguredLogin {
  readonly host: string;
  readonly credentials: Credentials;
}

export interface LoginSources {
  /** Credentials that the configuration itself gives; they go before the Docker client's. */
  readonly configured: readonly ConfiguredLogin[];
  readonly signal: AbortSignal;
}

/** Asks the configuration, then the Docker client's config.json and its helpers; each host once. */
export function createLogins({ configured, signal }: LoginSources): FindLogin {
  const found = new Map<string, Promise<Login | undefined>>();
  let config: Promise<DockerConfig> | undefined;
  const find = async (name: string): Promise<Login | undefined> => {
    const own = configured.find(({ host }) => registryName(host) === name);
    if (own) return { credentials: own.credentials, source: "services-configuration.yaml" };
    return findInDockerConfig(await (config ??= readDockerConfig()), name, signal);
  };
  return (host) => {
    const name = registryName(host);
    const known = found.get(name) ?? find(name);
    found.set(name, known);
    return known;
  };
}

async function findInDockerConfig(
  config: DockerConfig,
  name: string,
  signal: AbortSignal,
): Promise<Login | undefined> {
  const byName = <T>(entries: Readonly<Record<string, T>>): [string, T] | undefined =>
    Object.entries(entries).find(([key]) => registryName(key) === name);
  const helper = byName(config.credHelpers)?.[1] ?? config.credsStore;
  // Docker Hub's credentials are kept under its v1 URL (https://index.docker.io/v1/), not under docker.io.
  const server = name === "docker.io" ? "https://index.docker.io/v1/" : name;
  const entry = byName(config.auths)?.[1];
  const [credentials, source] =
    helper === undefined
      ? [entry && parseAuth(entry), dockerConfigFile()]
      : [await runCredentialHelper({ helper, server, signal }), `docker-credential-${helper}`];
  return credentials && { credentials, source };
}

/** An `auths` entry: base64 of `user:password`, or an identity token. */
export function parseAuth(entry: {
  readonly auth?: string;
  readonly identitytoken?: string;
}): Credentials | undefined {
  if (entry.identitytoken) return { identityToken: entry.identitytoken };
  if (!entry.auth) return undefined;
  const [username = "", ...password] = Buffer.from(entry.auth, "base64").toString().split(":");
  return username === "" ? undefined : { username, password: password.join(":").replace(/\0+$/, "") };
}
