import path from "node:path";
import { PaiError } from "@pai/core";

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

export const timeoutOption = {
  timeout: {
    type: "string",
    default: "15m",
    describe: "how long one service may take, such as 90s, 15m or 1h",
  },
} as const;

interface ServiceArguments {
  readonly "cluster-conf-path": string;
  readonly model?: string | undefined;
  readonly "service-name": string[] | undefined;
  readonly "kube-config-path": string | undefined;
  readonly context: string | undefined;
  readonly root: string;
}

export function targetOf(options: ServiceArguments): {
  readonly root: string;
  readonly configuration: string;
  readonly model: string | undefined;
  readonly services: readonly string[] | undefined;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
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
  };
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A bare number counts seconds. Throws USAGE. */
export function parseDuration(text: string): number {
  const { value, unit = "s" } = /^(?<value>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)?$/.exec(text.trim())?.groups ?? {};
  const ms = Number(value) * (unitMs[unit] ?? Number.NaN);
  if (ms > 0) return ms;
  throw new PaiError("USAGE", `"${text}" is not a time`, { hint: "write 90s, 15m or 1h" });
}
