// Connections with the credentials of a kubeconfig. What has to be asked for (exec plug-ins, OpenID Connect,
// clouds), proxies and impersonation are client-node's.
import type { Cluster, RequestContext, User } from "@kubernetes/client-node";
import { readFile } from "node:fs/promises";
import type { Dispatcher } from "undici";
import type { ClusterAccess } from "./kubeconfig.ts";

interface Session {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Sessions {
  /** The present one, or a new one when that has become too old. */
  open(): Promise<Session>;
  /** Its credentials are not accepted any more. */
  forget(): void;
  close(): Promise<void>;
}

// Tokens of exec plugins and service accounts expire; certificates may be replaced.
const credentialsAgeMs = 5 * 60_000;

export function createSessions(access: ClusterAccess): Sessions {
  let current: (Session & { readonly since: number }) | undefined;
  return {
    async open() {
      if (current && performance.now() - current.since < credentialsAgeMs) return current;
      const previous = current;
      current = { ...(await createSession(access)), since: performance.now() };
      // Waits for what it still carries.
      void previous?.dispatcher.close();
      return current;
    },
    forget: () => {
      current = undefined;
    },
    close: async () => {
      await current?.dispatcher.destroy();
    },
  };
}

async function createSession(access: ClusterAccess): Promise<Session> {
  const { cluster, user } = access;
  // Credentials that stand in the kubeconfig need nothing of the client but most of a second to load it.
  const asks = user?.exec || user?.authProvider || user?.impersonateUser;
  const isAllowed = cluster?.server.startsWith("https:") || cluster?.skipTLSVerify;
  if (cluster && isAllowed && !cluster.proxyUrl && !asks) return plainSession(cluster, user);
  return clientSession(access);
}

async function plainSession(cluster: Cluster, user: User | undefined): Promise<Session> {
  const { Agent } = await import("undici");
  const [ca, cert, key] = await Promise.all([
    readData(cluster.caFile, cluster.caData),
    readData(user?.certFile, user?.certData),
    readData(user?.keyFile, user?.keyData),
  ]);
  const tls = {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(cluster.skipTLSVerify && { rejectUnauthorized: false }),
    ...(cluster.tlsServerName && { servername: cluster.tlsServerName }),
  };
  // Load balancers cut what is idle for a minute.
  const dispatcher = new Agent({ connect: { ...tls, keepAlive: true, keepAliveInitialDelay: 30_000 } });
  const authorization = authorizationOf(user);
  return { dispatcher, headers: authorization === undefined ? {} : { authorization } };
}

function authorizationOf(user: User | undefined): string | undefined {
  if (user?.token) return `Bearer ${user.token}`;
  if (!user?.username) return undefined;
  return `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`;
}

/** As in kubectl, a file goes before data, which is base64. */
async function readData(file: string | undefined, data: string | undefined): Promise<Buffer | undefined> {
  if (file) return readFile(file);
  return data ? Buffer.from(data, "base64") : undefined;
}

async function clientSession({ context, cluster, user }: ClusterAccess): Promise<Session> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: cluster ? [cluster] : [],
    users: user ? [user] : [],
    contexts: [context],
    currentContext: context.name,
  });
  const headers: Record<string, string> = {};
  let dispatcher: Dispatcher | undefined;
  const request = {
    setHeaderParam: (name: string, value: string) => (headers[name.toLowerCase()] = value),
    setDispatcher: (value: Dispatcher) => (dispatcher = value),
  };
  await config.applySecurityAuthentication(request as unknown as RequestContext);
  if (!dispatcher) {
    const { Agent } = await import("undici");
    dispatcher = new Agent();
  }
  return { dispatcher, headers };
}
