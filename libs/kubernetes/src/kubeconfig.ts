// Which kubeconfig files count, and which context of theirs. Files are merged as kubectl merges them: the
// first to name something wins, and a missing one of a KUBECONFIG list is passed over. (client-node's own
// merge lets the last win, and throws for duplicate names and missing files.)
import type { Context, KubeConfig } from "@kubernetes/client-node";
import { nearMisses, PaiError } from "@pai/core";
import { existsSync } from "node:fs";
import path from "node:path";

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
    hint: "npm run local -- up makes a cluster here; --kubeconfig or KUBECONFIG names another one",
  });
}

export function localHome(env: Readonly<Record<string, string | undefined>>): string {
  return env["PAI_LOCAL_HOME"] ?? "/var/lib/pai-local";
}

function localKubeconfig(env: Readonly<Record<string, string | undefined>>): string {
  return path.join(localHome(env), "kubeconfig");
}

/** Relative paths of credentials become absolute, as each is relative to its own file. */
export async function loadKubeconfig(files: readonly string[]): Promise<KubeConfig> {
  // The client costs most of a second to load; `--help` and bad usage should not wait for it.
  const { KubeConfig: Loader } = await import("@kubernetes/client-node");
  const merged = new Loader();
  const configs = files.map((file) => {
    const config = new Loader();
    try {
      config.loadFromFile(file);
    } catch (cause) {
      throw new PaiError("CONFIG_INVALID", `${file} is not a kubeconfig`, { cause, location: { file } });
    }
    return config;
  });
  merged.clusters = firstOfEachName(configs.flatMap(({ clusters }) => clusters));
  merged.users = firstOfEachName(configs.flatMap(({ users }) => users));
  merged.contexts = firstOfEachName(configs.flatMap(({ contexts }) => contexts));
  merged.currentContext = configs.find(({ currentContext }) => currentContext)?.currentContext ?? "";
  return merged;
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
export function chooseContext(config: KubeConfig, { context, server, files }: ContextChoice): Context {
  const serverOf = (each: Context): string => config.getCluster(each.cluster)?.server ?? "";
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

/** Whether two API server URLs mean the same: case of the host, default port and a final slash aside. */
export function sameServer(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && normalized(a) === normalized(b);
}

function normalized(text: string): string {
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname.replace(/\/+$/, "")}`;
}
