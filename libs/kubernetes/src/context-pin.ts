import path from "node:path";
import type { ContextPin } from "./connect.ts";

const pinnedContext = "pai";

/**
 * A kubeconfig that holds nothing but a current context. In front of the original files in KUBECONFIG it
 * makes kubectl talk to the chosen cluster, without a copy of any credential. A script may change it
 * (`kubectl config use-context` writes into the first file), so each script gets a new one.
 */
export function formatContextPin({ cluster, user, namespace }: ContextPin): string {
  const context = { cluster, user, ...(namespace === undefined ? {} : { namespace }) };
  // JSON is YAML.
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    contexts: [{ name: pinnedContext, context }],
    "current-context": pinnedContext,
  });
}

/** Value of KUBECONFIG for a script. */
export function pinnedKubeconfig(pinFile: string, { files }: ContextPin): string {
  return [pinFile, ...files].join(path.delimiter);
}
