import path from "node:path";
import type { CommandContext } from "@pai/cli";
import { serviceOptions } from "../options.ts";

const { "kube-config-path": kubeconfig, context, root } = serviceOptions;

/** Options of every command that works on a cluster without a configuration to go by. */
export const clusterOptions = { "kube-config-path": kubeconfig, context, root } as const;

export const idOptions = {
  "cluster-id": { type: "string", describe: "id of the cluster, which is asked for otherwise" },
  yes: {
    alias: "y",
    type: "boolean",
    default: false,
    describe: "do not ask; take the id that the cluster has",
  },
} as const;

interface ClusterArguments {
  readonly "kube-config-path": string | undefined;
  readonly context: string | undefined;
  readonly root: string;
}

export function clusterOf(options: ClusterArguments): {
  readonly root: string;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
} {
  const root = path.resolve(options.root);
  const kubeconfigFile = options["kube-config-path"];
  return {
    root,
    kubeconfig: kubeconfigFile === undefined ? undefined : path.resolve(root, kubeconfigFile),
    context: options.context,
  };
}

export function idOf(
  options: { readonly "cluster-id": string | undefined; readonly yes: boolean },
  { ask }: Pick<CommandContext, "ask">,
): {
  readonly clusterId: string | undefined;
  readonly yes: boolean;
  readonly askId: (question: string) => Promise<string>;
} {
  return {
    clusterId: options["cluster-id"],
    yes: options.yes,
    askId: (question) => ask(question, "--cluster-id <id> or --yes"),
  };
}
