import { connectRegistry, type Registry } from "./client.ts";
import type { RegistryAccess } from "./connection.ts";
import { createLogins, type Credentials, type FindCredentials, type FindLogin } from "./credentials.ts";
import { registryName } from "./registry-host.ts";

/** What the configuration says of a registry. */
export interface ConfiguredRegistry {
  /** `host:port`, or `public` for Docker Hub. */
  readonly domain: string;
  readonly access: RegistryAccess;
  readonly credentials?: Credentials;
}

export interface Registries {
  readonly findLogin: FindLogin;
  readonly findCredentials: FindCredentials;
  /** The same client for the same host; one that nobody configured is reached as Docker would. */
  readonly connect: (host: string) => Registry;
}

export function openRegistries(
  configured: readonly ConfiguredRegistry[],
  { signal }: { readonly signal: AbortSignal },
): Registries {
  const findLogin = createLogins({
    configured: configured.flatMap(({ domain, credentials }) =>
      credentials ? [{ host: domain, credentials }] : [],
    ),
    signal,
  });
  const findCredentials: FindCredentials = async (host) => (await findLogin(host))?.credentials;
  const open = new Map<string, Registry>();
  const connect = (host: string): Registry => {
    const name = registryName(host);
    const access = configured.find(({ domain }) => registryName(domain) === name)?.access ?? {};
    const registry = open.get(name) ?? connectRegistry({ host: name, access, findCredentials, signal });
    open.set(name, registry);
    return registry;
  };
  return { findLogin, findCredentials, connect };
}
