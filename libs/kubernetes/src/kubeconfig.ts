// Which kubeconfig files count, and which context of theirs. Files are merged as kubectl merges them: the
// first to name something wins, and a missing one of a KUBECONFIG list is passed over. (client-node's own
// merge lets the last win, and throws for duplicate names and missing files.)
import type { Cluster, Context, User } from "@kubernetes/client-node";
import { isRecord, nearMisses, PaiError } from "@pai/core";
import { parseManifestYaml } from "@pai/model";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** Kubeconfig files, merged. Paths of credentials are absolute. */
export interface Kubeconfig {
  readonly clusters: readonly Cluster[];
  readonly users: readonly User[];
  readonly contexts: readonly Context[];
  readonly currentContext: string | undefined;
}

export interface KubeconfigSources {
  /** `--kubeconfig` */
  readonly explicit?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home directory. */
  readonly home: string;
}

/** Throws CONFIG_INVALID when the named file is missing, CLUSTER_UNREACHABLE when there is none at all. */
export function findKubeconfigFiles({ explicit, env, home }: KubeconfigSources): string[] {
  if (explicit !== undefined) {
    if (existsSync(explicit)) return [path.resolve(explicit)];
    throw new PaiError("CONFIG_INVALID", `the kubeconfig ${explicit} does not exist`);
  }
  const listed = (env["KUBECONFIG"] ?? "").split(path.delimiter).filter((file) => file !== "");
  const candidates = listed.length > 0 ? listed : [localKubeconfig(env), path.join(home, ".kube", "config")];
  const existing = candidates.filter((file) => existsSync(file)).map((file) => path.resolve(file));
  if (listed.length > 0 && existing.length > 0) return existing;
  if (existing[0] !== undefined) return [existing[0]];
  throw new PaiError("CLUSTER_UNREACHABLE", `find a cluster: there is no kubeconfig`, {
    details: candidates.map((file) => `looked for ${file}`),
    hint: "pai-local up makes a cluster here; --kubeconfig or KUBECONFIG names another one",
  });
}

export function localHome(env: Readonly<Record<string, string | undefined>>): string {
  return env["PAI_LOCAL_HOME"] ?? "/var/lib/pai-local";
}

function localKubeconfig(env: Readonly<Record<string, string | undefined>>): string {
  return path.join(localHome(env), "kubeconfig");
}

/** Throws CONFIG_INVALID for a file that is not a kubeconfig. */
export async function loadKubeconfig(files: readonly string[]): Promise<Kubeconfig> {
  const configs = await Promise.all(files.map(readKubeconfig));
  return {
    clusters: firstOfEachName(configs.flatMap(({ clusters }) => clusters)),
    users: firstOfEachName(configs.flatMap(({ users }) => users)),
    contexts: firstOfEachName(configs.flatMap(({ contexts }) => contexts)),
    currentContext: configs.find(({ currentContext }) => currentContext)?.currentContext,
  };
}

async function readKubeconfig(file: string): Promise<Kubeconfig> {
  // The whole client costs most of a second to load, this module of it some milliseconds.
  const { newClusters, newContexts, newUsers } = await import("@kubernetes/client-node/dist/config_types.js");
  const absolute = (name: string): string => path.resolve(path.dirname(file), name);
  try {
    const [document] = parseManifestYaml(readFileSync(file, "utf8"), file);
    const {
      clusters,
      users,
      contexts,
      "current-context": current,
    } = isRecord(document?.value) ? document.value : {};
    const config = {
      clusters: newClusters(clusters),
      users: newUsers(users),
      contexts: newContexts(contexts),
    };
    for (const cluster of config.clusters) if (cluster.caFile) cluster.caFile = absolute(cluster.caFile);
    for (const user of config.users) {
      if (user.certFile) user.certFile = absolute(user.certFile);
      if (user.keyFile) user.keyFile = absolute(user.keyFile);
    }
    return { ...config, currentContext: typeof current === "string" ? current : undefined };
  } catch (cause) {
    throw new PaiError("CONFIG_INVALID", `${file} is not a kubeconfig`, { cause, location: { file } });
  }
}

function firstOfEachName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  const byName = new Map<string, T>();
  for (const item of items) if (!byName.has(item.name)) byName.set(item.name, item);
  return [...byName.values()];
}

export interface ContextChoice {
  /** `--context` */
  readonly context?: string;
  /** `kubernetes.api-servers-url` of the configuration; without one any cluster will do. */
  readonly server: string | undefined;
  /** For messages. */
  readonly files: readonly string[];
}

/**
 * The context to work with: the named one, else the current one, else any other whose cluster is the
 * configured server. Throws CLUSTER_MISMATCH when none is, so that a configuration never reaches a
 * cluster that it was not written for.
 */
export function chooseContext(config: Kubeconfig, { context, server, files }: ContextChoice): Context {
  const serverOf = (each: Context): string => accessTo(config, each).cluster?.server ?? "";
  const fits = (each: Context): boolean => server === undefined || sameServer(serverOf(each), server);
  const named = config.contexts.find(({ name }) => name === (context ?? config.currentContext));
  if (context !== undefined && !named) {
    const near = nearMisses(
      context,
      config.contexts.map(({ name }) => name),
    );
    throw new PaiError("CONFIG_INVALID", `the kubeconfig has no context "${context}"`, {
      location: { file: files[0] ?? "" },
      hint: near.length > 0 ? `did you mean ${near.join(" or ")}?` : "kubectl config get-contexts lists them",
    });
  }
  if (named && fits(named)) return named;
  if (server === undefined) {
    throw new PaiError("CONFIG_INVALID", `no context is chosen in the kubeconfig ${files.join(", ")}`, {
      hint: "name one with --context; kubectl config get-contexts lists them",
    });
  }
  const other = context === undefined ? config.contexts.find(fits) : undefined;
  if (other) return other;
  throw new PaiError("CLUSTER_MISMATCH", `the configuration is for the cluster ${server}`, {
    details: [
      named
        ? `context   ${named.name} leads to ${serverOf(named) || "no cluster"}`
        : "context   none is chosen in the kubeconfig",
      `file      ${files.join(", ")}`,
    ],
    hint: "choose the right cluster with --kubeconfig or --context, or correct kubernetes.api-servers-url in layout.yaml",
  });
}

/** What the names in a context stand for; a name may stand for nothing. */
export interface ClusterAccess {
  readonly context: Context;
  readonly cluster: Cluster | undefined;
  readonly user: User | undefined;
}

function accessTo({ clusters, users }: Kubeconfig, context: Context): ClusterAccess {
  return {
    context,
    cluster: clusters.find(({ name }) => name === context.cluster),
    user: users.find(({ name }) => name === context.user),
  };
}

/** Finds and reads the files, and chooses in them. Throws what each of these does. */
export async function findAccess(
  sources: KubeconfigSources,
  choice: { readonly context: string | undefined; readonly server: string | undefined },
): Promise<{ readonly files: readonly string[]; readonly access: ClusterAccess }> {
  const { context, server } = choice;
  const files = findKubeconfigFiles(sources);
  const kubeconfig = await loadKubeconfig(files);
  const named = context === undefined ? {} : { context };
  return { files, access: accessTo(kubeconfig, chooseContext(kubeconfig, { ...named, server, files })) };
}

/** Whether two API server URLs mean the same: case of the host, default port and a final slash aside. */
export function sameServer(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && normalized(a) === normalized(b);
}

function normalized(text: string): string {
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname.replace(/\/+$/, "")}`;
}
