import path from "node:path";
import type { CommandContext } from "@pai/cli";
import { PaiError, parseDuration } from "@pai/core";

/** Options that every service command has. Their short names and old spellings are OpenPAI's. */
export const serviceOptions = {
  "cluster-conf-path": {
    alias: ["p", "configuration"],
    type: "string",
    default: process.env["PAI_CONFIGURATION"] ?? "configuration",
    describe: "configuration directory, relative to the root of the tree",
  },
  model: {
    type: "string",
    describe: "YAML or JSON file with the whole object model, in place of the configuration directory",
  },
  "service-name": {
    alias: ["n", "service-list"],
    type: "string",
    array: true,
    describe: "services, such as -n hbase zookeeper; all when absent",
  },
  "kube-config-path": {
    alias: ["c", "kubeconfig"],
    type: "string",
    describe: "kubeconfig of the cluster, in place of KUBECONFIG",
  },
  context: {
    type: "string",
    describe: "context of the kubeconfig, when its current one is another cluster",
  },
  root: {
    type: "string",
    default: ".",
    describe: "root of the tree, the folder that holds src",
  },
} as const;

/** For commands that work on a cluster, which may hold a configuration, too. */
export const choiceOptions = {
  "cluster-conf-path": {
    alias: ["p", "configuration"],
    type: "string",
    describe:
      "configuration directory, relative to the root of the tree; without it the one here, if the cluster has no other",
  },
  pushed: {
    type: "boolean",
    default: false,
    describe: "use the configuration that was pushed to the cluster",
  },
  "cluster-id": {
    type: "string",
    describe: "id that the cluster must have (paictl config get-id), for scripts that must not meet another",
  },
} as const;

/** For commands that work on several services of a cluster. */
export const setOptions = {
  skip: {
    alias: "k",
    type: "string",
    array: true,
    describe: "services to leave alone, though they are needed",
  },
  "with-dependents": {
    type: "boolean",
    default: false,
    describe: "also the services that need the named ones",
  },
  parallel: { type: "number", default: 8, describe: "how many services are worked on at once" },
} as const;

export const timeoutOption = {
  timeout: {
    type: "string",
    default: "15m",
    describe: "how long one service may take, such as 90s, 15m or 1h",
  },
} as const;

/** For commands that change a cluster, so that scripts can give it to each of them. */
export const yesOption = {
  yes: { alias: "y", type: "boolean", default: false, describe: "do not ask; only a delete does" },
} as const;

/** What is done to manifests before they are applied. */
export const manifestOptions = {
  pin: {
    type: "boolean",
    default: true,
    describe: "name own images by the digest that the registry has for their tag; --no-pin does not",
  },
  upgrade: {
    type: "boolean",
    default: true,
    describe:
      "write objects of API versions that Kubernetes has removed as it has them today; --no-upgrade does not",
  },
} as const;

/** For commands that change services of a cluster. */
export const runOptions = {
  ...serviceOptions,
  ...choiceOptions,
  ...timeoutOption,
  ...setOptions,
  ...manifestOptions,
  ...yesOption,
} as const;

/** Throws USAGE. */
export function runOf(options: {
  readonly timeout: string;
  readonly skip: string[] | undefined;
  readonly "with-dependents": boolean;
  readonly parallel: number;
}): {
  readonly timeoutMs: number;
  readonly skip: readonly string[] | undefined;
  readonly withDependents: boolean;
  readonly parallel: number;
} {
  const { skip, parallel } = options;
  const timeoutMs = durationOf(options.timeout);
  if (!Number.isInteger(parallel) || parallel < 1)
    throw new PaiError("USAGE", "--parallel must be a whole number from 1 on");
  return { timeoutMs, skip, withDependents: options["with-dependents"], parallel };
}

interface ServiceArguments {
  readonly "cluster-conf-path": string;
  readonly model?: string | undefined;
  readonly "service-name": string[] | undefined;
  readonly "kube-config-path": string | undefined;
  readonly context: string | undefined;
  readonly root: string;
  readonly upgrade?: boolean | undefined;
  readonly pin?: boolean | undefined;
}

export function targetOf(options: ServiceArguments): {
  readonly root: string;
  readonly configuration: string;
  readonly model: string | undefined;
  readonly services: readonly string[] | undefined;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly upgrade: boolean | undefined;
  readonly pin: boolean | undefined;
} {
  const root = path.resolve(options.root);
  const kubeconfig = options["kube-config-path"];
  return {
    root,
    configuration: options["cluster-conf-path"],
    model: options.model,
    services: options["service-name"],
    // Relative to the tree, as all paths of a command line are.
    kubeconfig: kubeconfig === undefined ? undefined : path.resolve(root, kubeconfig),
    context: options.context,
    upgrade: options.upgrade,
    pin: options.pin,
  };
}

type Target = ReturnType<typeof targetOf> & { readonly expectedId: string | undefined };

/** Runs `work` with the configuration that the user chose, or the only one that there is. */
export async function withTarget<T>(
  options: Omit<ServiceArguments, "cluster-conf-path"> & {
    readonly "cluster-conf-path": string | undefined;
    readonly pushed: boolean;
    readonly "cluster-id"?: string | undefined;
  },
  { report, signal }: Pick<CommandContext, "report" | "signal">,
  work: (target: Target) => Promise<T>,
): Promise<T> {
  const { pushed, model } = options;
  const given = options["cluster-conf-path"];
  if (pushed && given !== undefined)
    throw new PaiError("USAGE", "-p and --pushed name two configurations", { hint: "give one of them" });
  const target = {
    ...targetOf({ ...options, "cluster-conf-path": given ?? "configuration" }),
    expectedId: options["cluster-id"],
  };
  if (model !== undefined) return work(target);
  const { withChosenConfiguration } = await import("@pai/actions/config");
  const folder = given ?? (pushed ? undefined : process.env["PAI_CONFIGURATION"]);
  return withChosenConfiguration({ ...target, folder, pushed, report, signal }, (configuration) =>
    work({ ...target, configuration }),
  );
}

/** A bare number counts seconds. Throws USAGE. */
export function durationOf(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new PaiError("USAGE", `"${text}" is not a time`, { hint: "write 90s, 15m or 1h" });
}
