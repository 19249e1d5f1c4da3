import { runCredentialHelper } from "./credential-helper.ts";
import { readDockerConfig, type DockerConfig } from "./docker-config.ts";
import { registryName } from "./registry-host.ts";

export type Credentials =
  | { readonly username: string; readonly password: string }
  /** What a registry with OAuth gave at login, in place of a password. */
  | { readonly identityToken: string };

/** Knows the credentials of a registry by its host, and nothing for hosts that nobody configured. */
export type FindCredentials = (host: string) => Promise<Credentials | undefined>;

export interface CredentialSources {
  /** Credentials that the configuration itself gives; they go before the Docker client's. */
  readonly configured: { readonly host: string; readonly credentials: Credentials } | undefined;
  readonly signal: AbortSignal;
}

/** Asks the configuration, then the Docker client's config.json and its helpers; each host once. */
export function createCredentials({ configured, signal }: CredentialSources): FindCredentials {
  const found = new Map<string, Promise<Credentials | undefined>>();
  let config: Promise<DockerConfig> | undefined;
  const find = async (name: string): Promise<Credentials | undefined> => {
    if (configured && registryName(configured.host) === name) return configured.credentials;
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
): Promise<Credentials | undefined> {
  const byName = <T>(entries: Readonly<Record<string, T>>): [string, T] | undefined =>
    Object.entries(entries).find(([key]) => registryName(key) === name);
  const helper = byName(config.credHelpers)?.[1] ?? config.credsStore;
  // Docker Hub's credentials are kept under its v1 URL (https://index.docker.io/v1/), not under docker.io.
  const server = name === "docker.io" ? "https://index.docker.io/v1/" : name;
  if (helper !== undefined) return runCredentialHelper({ helper, server, signal });
  const entry = byName(config.auths)?.[1];
  return entry && parseAuth(entry);
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
